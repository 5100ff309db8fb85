package dev.cairn.backup.core.packed.copy;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.claim.SnapshotClaims;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.spi.BlobStore;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store that a copy goes to, where others may write, delete and sweep. Each snapshot is copied under a session, like that of any writer: sweeps that begin later wait for it, and a prune
 * can fence it. A sweep that began earlier may remove packs by their names at any later time, and a copy brings back the very names; so none may be at work.
 */
final class SecondStore {

    private static final Logger LOG = LoggerFactory.getLogger(SecondStore.class);

    private final BlobStore blobs;
    private final Sessions sessions;
    private final SnapshotClaims claims;

    /** @param highest the highest number of the snapshots that are copied, so that writers there go on above it */
    SecondStore(BlobStore blobs, LongSupplier highest) {
        this.blobs = blobs;
        this.sessions = new Sessions(blobs);
        this.claims = new SnapshotClaims(blobs, "", highest);
    }

    /** The session of one snapshot that is being copied; ends when it is closed. */
    final class Writing implements AutoCloseable {

        private final Sessions.Session session;

        private Writing(Sessions.Session session) {
            this.session = session;
        }

        @Override
        public void close() {
            try {
                sessions.end(session);
            } catch (BackupException e) {
                LOG.warn("The record {} in {} stays; a prune there removes it", session.blob(), blobs.describe(), e);
            }
        }
    }

    /**
     * Puts the session. What is there must be listed after this returns.
     *
     * @throws BackupBusyException if a sweep is at work there, or left something to be carried out
     */
    Writing begin(SnapshotId id) {
        Writing writing = new Writing(sessions.write(claims.number(), id, Instant.now()));
        try {
            if (sessions.list().stream().anyMatch(session -> session.snapshot().isEmpty())
                    || !blobs.children(Layout.CONDEMNED).isEmpty()) {
                throw new BackupBusyException(
                        blobs.describe() + " is being swept, or a sweep there did not come to its end",
                        "Sweep it to the end, then copy again; the copy goes on where it was");
            }
            return writing;
        } catch (RuntimeException | Error e) {
            writing.close();
            throw e;
        }
    }
}
