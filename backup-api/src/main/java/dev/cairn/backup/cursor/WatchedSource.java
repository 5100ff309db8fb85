package dev.cairn.backup.cursor;

import dev.cairn.backup.cursor.MonitorVerdict.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the monitor knows of one source. */
final class WatchedSource {

    private long startedAt;
    private boolean moving;
    private boolean active;
    private @Nullable Instant lastInvalid;

    WatchedSource(long committed) {
        startedAt = committed;
    }

    void committed(long position, long end) {
        moving = moving || position > startedAt || position >= end;
    }

    void invalid(Instant at) {
        lastInvalid = at;
    }

    /** After a resync the positions may be other ones, so that the cursor has to prove itself again. */
    void resynced(long position) {
        startedAt = position;
        moving = false;
    }

    void active(boolean isActive) {
        active = isActive;
    }

    Set<Reason> reasons(Instant now, Duration quiet) {
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        if (!moving) {
            reasons.add(Reason.CURSOR_STUCK);
        }
        if (lastInvalid != null && Duration.between(lastInvalid, now).compareTo(quiet) < 0) {
            reasons.add(Reason.INVALID_CURSOR);
        }
        if (!active) {
            reasons.add(Reason.NOT_ACTIVE);
        }
        return reasons;
    }
}
