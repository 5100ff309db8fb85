package dev.cairn.backup.core.ship;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.core.crypto.Algorithms;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Follows the segments of a timeline in order and refuses the first that does not follow the one before. The first that it sees may be any, and behind the head any may come: retention removes
 * the oldest ones and leaves the head. For one thread.
 */
final class LogChain {

    private final String timeline;
    private @Nullable SegmentHeader last;
    private byte[] digest = new byte[SegmentForm.DIGEST];

    LogChain(String timeline) {
        this.timeline = timeline;
    }

    /** The last segment that followed. */
    @Nullable
    SegmentHeader last() {
        return last;
    }

    /** SHA-256 of its body. */
    byte[] digest() {
        return digest;
    }

    /** Behind the last commit so far. */
    LogPosition end() {
        return last == null ? new LogPosition(timeline, 0) : last.end();
    }

    /** Takes the next segment for the first. */
    void restart() {
        last = null;
    }

    /**
     * Takes the next one.
     *
     * @throws DamagedRepositoryException if it does not follow, or says of itself what cannot be
     */
    void next(SegmentHeader segment, byte[] body) {
        SegmentHeader before = last;
        boolean afterRemoved = before == null || (before.number() == 0 && segment.number() > 1);
        if (before != null && !afterRemoved) {
            requireFollows(segment, before);
        }
        boolean hasOpened = segment.commits().isEmpty()
                ? segment.pages() > 0
                : segment.commits().get(segment.commits().size() - 1).pages() < segment.pages();
        boolean goesOn =
                segment.commits().isEmpty() && (afterRemoved || before == null ? segment.open() : before.open());
        if (segment.open() != (hasOpened || goesOn)) {
            throw new DamagedRepositoryException(
                    name(segment.number()),
                    "says that " + (segment.open() ? "a" : "no")
                            + " transaction is open at its end, its pages say otherwise",
                    null);
        }
        last = segment;
        digest = Algorithms.sha256().digest(body);
    }

    private void requireFollows(SegmentHeader segment, SegmentHeader before) {
        if (segment.number() != before.number() + 1) {
            throw new DamagedRepositoryException(name(before.number() + 1), "is missing", null);
        }
        if (!Arrays.equals(segment.previous(), digest)) {
            throw new DamagedRepositoryException(
                    name(segment.number()),
                    "was made behind another segment than the one that is there as " + name(before.number()),
                    null);
        }
        if (segment.before() != before.after()) {
            throw new DamagedRepositoryException(
                    name(segment.number()),
                    "begins behind transaction " + segment.before() + ", the one before it ends behind "
                            + before.after(),
                    null);
        }
    }

    private String name(long number) {
        return SegmentFiles.name(timeline, number);
    }
}
