package dev.cairn.backup.cli.session;

import dev.cairn.backup.Actor;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.cli.config.Configuration;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.spi.BlobStore;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An open manager, whose operations are lines of the configured audit log. Closing it closes both. */
public final class Session implements AutoCloseable {

    private final SnapshotManager manager;
    private final @Nullable AuditLog audit;
    private final RecoveryReport recovered;

    private Session(SnapshotManager manager, @Nullable AuditLog audit, RecoveryReport recovered) {
        this.manager = manager;
        this.audit = audit;
        this.recovered = recovered;
    }

    /**
     * Opens what a configuration describes, after a restore that was interrupted has been finished or undone.
     *
     * @param actor who does what is done
     * @param open how, such as {@link CairnBuilder#openWhileHostIsDown}
     * @throws dev.cairn.backup.AuditInUseException if another process, such as the host, has the audit log open
     */
    public static Session open(Configuration configuration, Actor actor, Function<CairnBuilder, SnapshotManager> open) {
        CairnBuilder builder = configuration.builder();
        Optional<AuditLog> log = configuration
                .audit()
                .map(folder ->
                        FileAuditLog.at(folder, configuration.stateStore()).open());
        log.ifPresent(it -> builder.audit(it, actor));
        try {
            RecoveryReport recovered = recover(configuration, log);
            return new Session(open.apply(builder), log.orElse(null), recovered);
        } catch (RuntimeException e) {
            log.ifPresent(AuditLog::close);
            throw e;
        }
    }

    /** Not while another process restores: what it has begun is not interrupted. */
    private static RecoveryReport recover(Configuration configuration, Optional<AuditLog> log) {
        if (!Files.isDirectory(configuration.state())) {
            return new RecoveryReport(List.of());
        }
        RestoreTurn turn = RestoreTurn.take(configuration.state());
        try (BlobStore state = configuration.stateStore()) {
            return log.map(audit -> Cairn.recoverPending(state, configuration.datasets(), audit))
                    .orElseGet(() -> Cairn.recoverPending(state, configuration.datasets()));
        } finally {
            turn.close();
        }
    }

    /** What was finished or undone of restores that had been interrupted, before this was opened. */
    public RecoveryReport recovered() {
        return recovered;
    }

    /** The manager. Closed by {@link #close}. */
    public SnapshotManager manager() {
        return manager;
    }

    /** The audit log; empty if none is configured. */
    public Optional<AuditLog> audit() {
        return Optional.ofNullable(audit);
    }

    @Override
    public void close() {
        try {
            manager.close();
        } finally {
            if (audit != null) {
                audit.close();
            }
        }
    }
}
