package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.claim.SnapshotClaims;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The committed snapshots as this process knows them, listed anew only when somebody else may have added one. Whoever commits a snapshot has claimed a number before: where no number but this
 * process's own was claimed since the last listing, and nobody writes, there is nothing new. Reading 2 000 names for each snapshot would cost a quarter of its time.
 *
 * <p>A writer that slept between its number and its session through the listing, and is done before the next call, is not noticed before the next number is claimed. Nothing rests on this but
 * which snapshot is continued and compared with: what may be reused is decided by packs and sessions. Thread-safe.
 */
public final class RecentSnapshots {

    private static final long UNKNOWN = -1;

    private final BlobStore blobs;
    private final Manifests manifests;
    private final Sessions sessions;
    private final SnapshotClaims claims;
    private final Set<SnapshotId> begun = new HashSet<>();

    /** All snapshots of numbers up to this one are known, or were begun here. */
    private long seen = UNKNOWN;

    /** Nothing is listed yet. */
    public RecentSnapshots(BlobStore blobs, Manifests manifests, Sessions sessions, SnapshotClaims claims) {
        this.blobs = blobs;
        this.manifests = manifests;
        this.sessions = sessions;
        this.claims = claims;
    }

    /** This process begins a snapshot. */
    public synchronized void begun(SnapshotClaims.Claim claim) {
        if (seen != UNKNOWN && claim.sequence() == seen + 1) {
            seen++;
            begun.add(claim.id());
        } else {
            seen = UNKNOWN;
        }
    }

    /** The snapshots, by their numbers; damaged ones, if it had to list them, come first. */
    public synchronized List<StoredSnapshot> list() {
        long highest = claims.highest();
        boolean alone = sessions.list().isEmpty();
        if (alone && highest == seen) {
            begun.forEach(manifests::add);
            begun.clear();
            List<StoredSnapshot> known = manifests.known();
            if (known.isEmpty() || isThere(known.get(known.size() - 1).id())) {
                return known;
            }
        }
        // Numbers and sessions were read before: what they do not tell of was committed by now, and is listed.
        seen = alone ? highest : UNKNOWN;
        begun.clear();
        return manifests.list();
    }

    private boolean isThere(SnapshotId newest) {
        return blobs.stat(Sessions.manifest(newest))
                .filter(blob -> !Sessions.isTombstone(blob.size()))
                .isPresent();
    }
}
