package dev.cairn.backup.cursor;

import dev.cairn.backup.InvalidValueException;

/**
 * What makes an event the same event, wherever and however often it arrives. Each part has 1 to 200 characters.
 *
 * @param source the source's name
 * @param session the session within the source
 * @param event the event's id within the session, given by whoever caused it and kept over every repetition
 */
public record EventKey(String source, String session, String event) {

    /** @throws InvalidValueException if a part is not allowed */
    public EventKey {
        Name.checked("source", source);
        Name.checked("session", session);
        Name.checked("event", event);
    }
}
