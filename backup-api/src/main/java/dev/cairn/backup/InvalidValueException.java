package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/**
 * A value that a caller gave is not allowed. Nothing was done. The message names the parameter, the value and what is allowed.
 */
public final class InvalidValueException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param parameter the parameter's name
     * @param value the value given
     * @param allowed what is allowed, as the end of the sentence "allowed is …"
     */
    public InvalidValueException(String parameter, @Nullable Object value, String allowed) {
        super(parameter + " is '" + value + "'", "Allowed is " + allowed, null, null);
    }
}
