package dev.cairn.backup.lifecycle;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that a host saw around a restore. The events of the manager itself ({@link BackupEvent.RestoreStarted} and others) are told by the manager;
 * these are the host's own, in the same form, so that one {@link AlertRouting} takes both.
 *
 * @param at when, by the wall clock
 * @param kind what it is, and so how loud
 * @param subject the source, service or snapshot that it is about
 * @param detail what happened and what to do about it, one sentence for people
 */
public record OperationalAlert(Instant at, AlertKind kind, String subject, String detail) implements BackupEvent {

    @Override
    public AlertSeverity severity() {
        return kind.severity();
    }

    @Override
    public String describe() {
        return detail;
    }

    /**
     * A cursor went back.
     *
     * @param to the position that is read again from
     */
    public static OperationalAlert cursorRewound(Instant at, String source, long to) {
        return new OperationalAlert(
                at,
                AlertKind.CURSOR_REWOUND,
                source,
                "cursor of source '" + source + "' rewound to " + to + "; it should recover by itself");
    }

    /**
     * A source was read again from zero.
     *
     * @param times how often within the present watch, 1 or more; from the second time on it is louder
     * @param reason why, as the end of a sentence
     * @throws InvalidValueException if it was not even once
     */
    public static OperationalAlert cursorResynced(Instant at, String source, int times, String reason) {
        if (times < 1) {
            throw new InvalidValueException("times", times, "1 or more");
        }
        return new OperationalAlert(
                at,
                times == 1 ? AlertKind.CURSOR_RESYNCED : AlertKind.CURSOR_RESYNCED_AGAIN,
                source,
                "source '" + source + "' is read again from zero" + (times == 1 ? "" : ", resync number " + times)
                        + ": " + reason);
    }

    /**
     * A source does not deliver.
     *
     * @throws InvalidValueException if it is active
     */
    public static OperationalAlert sourceNotActive(Instant at, SourceHealth source) {
        if (source.state() == SourceState.ACTIVE) {
            throw new InvalidValueException("state of source '" + source.source() + "'", source.state(), "not ACTIVE");
        }
        return new OperationalAlert(
                at,
                AlertKind.SOURCE_NOT_ACTIVE,
                source.source(),
                "source '" + source.source() + "' is " + source.state() + " since " + source.since() + "; "
                        + source.state().remedy());
    }

    /**
     * A service is held down.
     *
     * @param budget what its supervisor remembers; tells a first hold-down from a repeated one
     * @throws InvalidValueException if the budget holds nothing down at that time
     */
    public static OperationalAlert holdDown(Instant at, String service, RestartBudget budget) {
        Duration left = budget.holdDownLeft(at);
        if (left.isZero()) {
            throw new InvalidValueException("hold-down of service '" + service + "'", left, "one that is not over");
        }
        boolean again = budget.holdDowns() > 1;
        return new OperationalAlert(
                at,
                again ? AlertKind.HOLD_DOWN_AGAIN : AlertKind.HOLD_DOWN,
                service,
                "service '" + service + "' used up its restarts and stays down for " + left
                        + (again
                                ? ", hold-down number " + budget.holdDowns()
                                        + " without a stable time in between; look for the cause"
                                : "; it is tried again then"));
    }

    /** A snapshot must not be restored by anybody. */
    public static OperationalAlert versionAhead(Instant at, SnapshotId snapshot, RestoreVerdict.VersionAhead verdict) {
        return new OperationalAlert(
                at,
                AlertKind.VERSION_AHEAD,
                snapshot.value(),
                "snapshot " + snapshot + " has version " + verdict.snapshotVersion() + ", the host never had more than "
                        + verdict.currentVersion() + "; do not restore it, file an incident");
    }

    /**
     * No snapshot is young enough to be restored without approval.
     *
     * @param newest the newest candidate
     * @param verdict what was said of it
     */
    public static OperationalAlert allSnapshotsTooOld(Instant at, SnapshotId newest, RestoreVerdict.TooOld verdict) {
        return new OperationalAlert(
                at,
                AlertKind.ALL_SNAPSHOTS_TOO_OLD,
                newest.value(),
                "every snapshot is older than the " + verdict.maxAge() + " allowed, the newest, " + newest + ", by "
                        + verdict.age().minus(verdict.maxAge())
                        + "; check the snapshot scheduling: is it running, and is its interval below maxAge");
    }
}
