package dev.cairn.backup.core.claim;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Claims a number and an id for a new snapshot. {@code snap-<n>} belongs to its number, so that a year of snapshots leaves no year of claims; any other id is claimed
 * by a blob that stays for ever. Safe for many threads and processes.
 */
public final class SnapshotClaims {

    private static final Pattern SEQUENTIAL = Pattern.compile("snap-([0-9]{1,18})");

    private final BlobStore store;
    private final SequenceClaims sequence;
    private final String ids;

    /** What was claimed. */
    public record Claim(SnapshotId id, long sequence) {}

    /**
     * @param root the folder of the claims with a slash at its end, or the empty string
     * @param floor the highest number that the snapshots themselves tell of
     */
    public SnapshotClaims(BlobStore store, String root, LongSupplier floor) {
        this.store = store;
        this.sequence = new SequenceClaims(store, root + "sequence", floor);
        this.ids = root + "ids/";
    }

    /**
     * Claims the next number and the id that goes with it.
     *
     * @param inUse whether something of that id is there already
     * @throws SnapshotExistsException if the id is or was in use
     */
    public Claim claim(LongFunction<SnapshotId> naming, Predicate<SnapshotId> inUse) {
        String token = UUID.randomUUID().toString();
        long number = sequence.next(token);
        SnapshotId id = naming.apply(number);
        OptionalLong belongsTo = numberOf(id);
        if (belongsTo.isPresent() && belongsTo.getAsLong() != number) {
            throw new InvalidValueException(
                    "snapshot id", id, "snap-" + number + " here: a number of its own is never given by hand");
        }
        if (belongsTo.isEmpty() && !claimName(id, token)) {
            throw new SnapshotExistsException(id);
        }
        if (inUse.test(id)) {
            throw new SnapshotExistsException(id);
        }
        return new Claim(id, number);
    }

    /** Claims a number for work that is no snapshot. */
    public long number() {
        return sequence.next(UUID.randomUUID().toString());
    }

    /** The highest claimed number; 0 if none is. */
    public long highest() {
        return sequence.highest();
    }

    /** Whether a writer of this repository has begun a snapshot of that id. */
    public boolean isClaimed(SnapshotId id) {
        OptionalLong number = numberOf(id);
        return (number.isPresent() && number.getAsLong() <= sequence.highest())
                || store.stat(claimOf(id)).isPresent();
    }

    /** The number that an id belongs to; empty if it was given by hand. */
    public static OptionalLong numberOf(SnapshotId id) {
        Matcher sequential = SEQUENTIAL.matcher(id.value());
        return sequential.matches() ? OptionalLong.of(Long.parseLong(sequential.group(1))) : OptionalLong.empty();
    }

    private BlobName claimOf(SnapshotId id) {
        return BlobName.of(ids + id);
    }

    private boolean claimName(SnapshotId id, String token) {
        PutOutcome outcome = store.putIfAbsent(claimOf(id), BlobContent.of(token));
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "The id '" + id + "' may or may not be claimed",
                    "Take the snapshot again under another id",
                    null);
        }
        return outcome == PutOutcome.CREATED;
    }
}
