package dev.cairn.backup.cli.command;

import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.session.Session;
import dev.cairn.backup.core.BackupOperations;
import java.util.function.Supplier;

/** Work that the manager does not do, as a line of the audit log if there is one. */
final class AuditedWork {

    private AuditedWork() {}

    static <T> T run(Invocation in, Session session, String action, String target, Supplier<T> work) {
        return session.audit().isEmpty()
                ? work.get()
                : BackupOperations.of(session.manager(), OperationPolicy.allowAll())
                        .run(in.actor(), Operation.of(action, target), work);
    }
}
