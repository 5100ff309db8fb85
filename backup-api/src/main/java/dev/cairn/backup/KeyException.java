package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/** A repository cannot be opened, or a receipt cannot be signed, with the keys that were given. Nothing was changed. Its message never holds a secret. */
public final class KeyException extends BackupException {

    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** There is no key where one was expected. */
        MISSING,
        /** There is a key, and it opens no slot of the repository. */
        WRONG,
        /** There is a key, and it is not what a key looks like. */
        MALFORMED,
        /** A slot of the repository is damaged; its key might be the right one. */
        SLOT_DAMAGED,
        /** The holder of the key could not be asked. */
        UNAVAILABLE
    }

    private final Reason reason;

    /**
     * @param reason what is wrong
     * @param message which key, which repository; without secrets
     * @param remedy what to do next
     * @param cause what was behind it
     */
    public KeyException(Reason reason, String message, String remedy, @Nullable Throwable cause) {
        super(message, remedy, null, cause);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
