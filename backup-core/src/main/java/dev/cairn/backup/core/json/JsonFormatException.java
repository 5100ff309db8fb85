package dev.cairn.backup.core.json;

import java.io.IOException;

/** What was read is no JSON, or not the JSON that was expected. */
public final class JsonFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message which field, what it is and what it should be */
    JsonFormatException(String message) {
        super(message);
    }
}
