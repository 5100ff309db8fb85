package dev.cairn.backup.examples.agtmux.operate;

import dev.cairn.backup.BackupListener;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.lifecycle.OperationalAlert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which snapshot to restore: the newest that is permitted.
 *
 * @param judged what was said of each that was looked at, newest first
 * @param chosen the one; empty if none is permitted
 */
public record Candidates(List<Judged> judged, Optional<SnapshotId> chosen) {

    /**
     * A snapshot and its verdict.
     *
     * @param snapshot its id
     * @param verdict its verdict
     */
    public record Judged(SnapshotId snapshot, RestoreVerdict verdict) {}

    /** Looks at each snapshot, the newest first, until one is permitted. When all are too old, it is the schedule that has to be looked at, and somebody is told. */
    public static Candidates of(SnapshotManager manager, Instant now, BackupListener alerts) {
        List<Judged> judged = new ArrayList<>();
        List<SnapshotMetadata> snapshots = new ArrayList<>(manager.list());
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            SnapshotId id = snapshots.get(i).id();
            RestoreVerdict verdict = manager.plan(RestoreRequest.of(id)).verdict();
            judged.add(new Judged(id, verdict));
            if (verdict.permitsRestore()) {
                return new Candidates(List.copyOf(judged), Optional.of(id));
            }
        }
        boolean allTooOld = judged.stream().allMatch(one -> one.verdict() instanceof RestoreVerdict.TooOld);
        if (!judged.isEmpty() && allTooOld) {
            Judged newest = judged.get(0);
            alerts.onEvent(OperationalAlert.allSnapshotsTooOld(
                    now, newest.snapshot(), (RestoreVerdict.TooOld) newest.verdict()));
        }
        return new Candidates(List.copyOf(judged), Optional.empty());
    }
}
