package dev.cairn.backup.core.verify;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.VerificationDepth;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of verifications beside the marks of the snapshots: the shallow ones, those that found damage, and the one that is under way. Immutable.
 *
 * @param seen what was last seen of each snapshot
 * @param unfinished the one that the last run left in the middle of
 */
record VerificationLedger(Map<SnapshotId, Seen> seen, Optional<Unfinished> unfinished) {

    /** Nothing yet. */
    static final VerificationLedger EMPTY = new VerificationLedger(Map.of(), Optional.empty());

    /** How deep a snapshot was looked at, and when. */
    record Seen(VerificationDepth depth, Instant at) {}

    /** A verification and how far it has come. */
    record Unfinished(SnapshotId id, VerificationDepth depth, Position position) {}

    VerificationLedger {
        seen = Map.copyOf(seen);
    }

    /** With a verification that has ended, whatever it found. */
    VerificationLedger finished(SnapshotId id, Seen verification) {
        Map<SnapshotId, Seen> more = new LinkedHashMap<>(seen);
        more.put(id, verification);
        return new VerificationLedger(more, Optional.empty());
    }

    /** With one that goes on later. */
    VerificationLedger stoppedAt(Unfinished where) {
        return new VerificationLedger(seen, Optional.of(where));
    }

    /** Without what is no longer there. */
    VerificationLedger only(Collection<SnapshotId> there) {
        Map<SnapshotId, Seen> left = new LinkedHashMap<>(seen);
        left.keySet().retainAll(there);
        return new VerificationLedger(left, unfinished.filter(where -> there.contains(where.id())));
    }
}
