package dev.cairn.backup.cli.output;

import dev.cairn.backup.AuditInUseException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedAuditException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.SnapshotNotFoundException;

/** What to do next where the SDK tells it to a program: people at a shell need a command, not the name of a method. */
final class OperatorStep {

    private OperatorStep() {}

    static String after(BackupException failure) {
        if (failure instanceof SnapshotNotFoundException) {
            return "Choose one of: cairn list --all";
        }
        if (failure instanceof AuditInUseException) {
            return "Another cairn, or the host, is at work: wait for its end and try again, or ask the host";
        }
        if (failure instanceof DamagedAuditException) {
            return "Find out why: somebody changed it, or the state store that knows its end was lost or replaced. Then move the folder away, as evidence, and the next command begins a new log";
        }
        if (failure instanceof KeyException && failure.nextStep().endsWith("its recovery code")) {
            return failure.nextStep() + ": cairn keys add --recovery-code --label TEXT --file FILE";
        }
        return failure.nextStep();
    }

    /** What happened, up to where it says what to do. */
    static String problem(BackupException failure) {
        String message = failure.getMessage();
        return message.substring(0, message.length() - failure.nextStep().length());
    }
}
