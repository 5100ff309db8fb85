package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.AlertEvent;
import dev.cairn.backup.AlertEvent.Change;
import dev.cairn.backup.AlertPolicy;
import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupAlert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The alerts that stand, and what became of them since the last look. Each is raised once and is over once, however often one looks; one that stands for long is escalated again and again, at the
 * pace of the policy and not of the looks. Not thread-safe; reads no clock. Time is measured by the monotonic clock, because a wall clock that is set must neither call anybody nor let them sleep.
 */
final class AlertBook {

    private record Key(BackupAlert.Kind kind, String subject) {}

    private record Standing(BackupAlert alert, long escalatesAtNanos) {}

    private final AlertPolicy policy;
    private final Map<Key, Standing> standing = new LinkedHashMap<>();

    AlertBook(AlertPolicy policy) {
        this.policy = policy;
    }

    /** What has changed, in the order in which listeners are to hear of it: what is over, then what is louder, then what is new. */
    List<AlertEvent> look(Collection<Finding> findings, Instant now, long nowNanos) {
        if (findings.isEmpty() && standing.isEmpty()) {
            return List.of(); // As nearly always.
        }
        Map<Key, Finding> found = new LinkedHashMap<>();
        findings.forEach(finding -> found.putIfAbsent(new Key(finding.kind(), finding.subject()), finding));
        List<AlertEvent> changes = new ArrayList<>();
        drop(found, now, changes);
        Map<Key, Finding> fresh = new LinkedHashMap<>(found);
        fresh.keySet().removeAll(standing.keySet());
        standing.replaceAll((key, stands) ->
                goOn(stands, Objects.requireNonNull(found.get(key), "dropped"), now, nowNanos, changes));
        fresh.forEach((key, finding) -> raise(key, finding, now, nowNanos, changes));
        return changes;
    }

    private void drop(Map<Key, Finding> found, Instant now, List<AlertEvent> changes) {
        for (Iterator<Map.Entry<Key, Standing>> all = standing.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Key, Standing> one = all.next();
            if (!found.containsKey(one.getKey())) {
                all.remove();
                changes.add(new AlertEvent(now, Change.CLEARED, one.getValue().alert()));
            }
        }
    }

    private Standing goOn(Standing stands, Finding finding, Instant now, long nowNanos, List<AlertEvent> changes) {
        BackupAlert old = stands.alert();
        boolean louder = old.kind().severity() == AlertSeverity.DEGRADED && nowNanos - stands.escalatesAtNanos() >= 0;
        BackupAlert alert = new BackupAlert(
                old.kind(),
                old.subject(),
                louder ? AlertSeverity.ESCALATE : old.severity(),
                old.since(),
                old.escalations() + (louder ? 1 : 0),
                finding.sentence());
        if (!louder) {
            return new Standing(alert, stands.escalatesAtNanos());
        }
        changes.add(new AlertEvent(now, Change.ESCALATED, alert));
        return new Standing(alert, after(policy.repeatEvery(), nowNanos));
    }

    private void raise(Key key, Finding finding, Instant now, long nowNanos, List<AlertEvent> changes) {
        BackupAlert alert =
                new BackupAlert(key.kind(), key.subject(), key.kind().severity(), now, 0, finding.sentence());
        standing.put(key, new Standing(alert, after(policy.escalateAfter(), nowNanos)));
        changes.add(new AlertEvent(now, Change.RAISED, alert));
    }

    /** Bounded, so that the difference to any later tick keeps its sign. */
    private static long after(Duration wait, long nowNanos) {
        Duration most = Duration.ofDays(36_500);
        return nowNanos + (wait.compareTo(most) < 0 ? wait : most).toNanos();
    }

    /** Those that stand, oldest first. */
    List<BackupAlert> standing() {
        return standing.isEmpty()
                ? List.of()
                : standing.values().stream().map(Standing::alert).toList();
    }
}
