package dev.cairn.backup.examples.agtmux.operate;

import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.examples.agtmux.AgtmuxHost;
import dev.cairn.backup.examples.agtmux.daemon.Daemon;
import dev.cairn.backup.lifecycle.AlertKind;
import dev.cairn.backup.lifecycle.OperationalAlert;
import dev.cairn.backup.lifecycle.StopReport;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A restore as the runbook has it: checks while the daemon runs, a clean stop, the restore, a start in order, and the watch. The target is chosen by its id before anything else, and pinned, so that
 * neither the snapshot at shutdown nor the one for safety takes its place or pushes it out.
 */
public final class RestoreProcedure {

    private static final String PIN = "target of a restore";

    private final AgtmuxHost host;

    /** @param host what is restored */
    public RestoreProcedure(AgtmuxHost host) {
        this.host = host;
    }

    /**
     * What came of it.
     *
     * @param report the restore itself
     * @param shutdownSnapshot what the clean stop took; empty if it could not
     * @param stopped the stages in the order in which they stopped
     * @param started the stages in the order in which they started again
     * @param versionAtCut the version before anything was replayed
     * @param sessionsAtCut the sessions before anything was replayed
     * @param panesAtCut the panes before anything was replayed
     */
    public record Done(
            RestoreReport report,
            Optional<SnapshotId> shutdownSnapshot,
            List<String> stopped,
            List<String> started,
            long versionAtCut,
            long sessionsAtCut,
            long panesAtCut) {}

    /**
     * Restores a snapshot. One restore at a time.
     *
     * @param id the target
     * @param operator who
     * @param reason why it may be restored although it is too old; empty for no approval
     * @throws dev.cairn.backup.RestoreRefusedException if the verdict does not permit it: nothing was stopped
     */
    public synchronized Done restore(String id, String operator, Optional<String> reason) {
        UnaryOperator<RestoreRequest> with =
                request -> reason.map(why -> request.approvedBy(operator, why)).orElse(request);
        Daemon before = host.requireDaemon();
        SnapshotMetadata target = before.operations().show(Daemon.operator(operator), id);
        RestorePlan plan = before.operations().plan(Daemon.operator(operator), id, with);
        if (!plan.permitsRestore()) {
            before.operations().restore(Daemon.operator(operator), plan); // Is refused, with its line and its alert.
        }
        StopReport stopped = stopFor(target.id(), operator);
        try {
            return replace(target, operator, with, stopped);
        } finally {
            if (host.supervisor().state() == Supervisor.State.STOPPED) {
                host.supervisor().start(); // The restore has failed.
            }
            host.daemon().ifPresent(after -> after.manager().unpin(target.id()));
        }
    }

    /** Stops the host for the restore of a snapshot: nothing prunes that one from now on, and it is told before the daemon stops. */
    public StopReport stopFor(SnapshotId target, String operator) {
        host.requireDaemon().manager().pin(target, PIN);
        host.alerts()
                .onEvent(new OperationalAlert(
                        host.time().now(),
                        AlertKind.RESTORE_STARTED,
                        target.value(),
                        "restore in progress: " + target + ", asked for by " + operator + "; the daemon stops now"));
        return host.supervisor().stop();
    }

    private Done replace(
            SnapshotMetadata target, String operator, UnaryOperator<RestoreRequest> with, StopReport stopped) {
        RestoreReport report;
        long version;
        long sessions;
        long panes;
        try (Daemon maintenance = host.openForMaintenance()) {
            report = maintenance
                    .operations()
                    .restore(Daemon.operator(operator), target.id().value(), with);
            version = maintenance.projection().version();
            sessions = maintenance.projection().sessions();
            panes = maintenance.projection().panes();
            host.watch().begin(maintenance.projection().cut());
        }
        host.supervisor().start();
        return new Done(
                report,
                host.lastShutdownSnapshot(),
                stopped.stopped(),
                host.supervisor().started(),
                version,
                sessions,
                panes);
    }
}
