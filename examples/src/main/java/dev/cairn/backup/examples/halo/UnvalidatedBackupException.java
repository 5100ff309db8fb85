package dev.cairn.backup.examples.halo;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.VerificationReport;

/** A backup that was never read back with success must not be restored. Nothing was touched. */
final class UnvalidatedBackupException extends BackupException {

    private static final long serialVersionUID = 1L;

    UnvalidatedBackupException(VerificationReport read) {
        super(
                "Backup '" + read.snapshot() + "' is not valid: " + String.join("; ", read.problems()),
                "Recreate it from the current runtime, and restore only once that one was validated",
                read.snapshot(),
                null);
    }
}
