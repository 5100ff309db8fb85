package dev.cairn.backup.core.schedule;

import dev.cairn.backup.BackupException;

/** An error that no contract foresees, such as one thrown by the host's own suppliers or its calendar. */
final class UnexpectedFailure extends BackupException {

    private static final long serialVersionUID = 1L;

    /** @param what what met it, such as {@code Schedule 'nightly'} */
    UnexpectedFailure(String what, RuntimeException cause) {
        super(what + " met an unexpected error: " + cause, "See the log", null, cause);
    }
}
