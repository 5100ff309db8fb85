package dev.cairn.backup;

import java.time.Duration;

/** Whether a snapshot may be restored. The set is closed for all of 1.x. */
public sealed interface RestoreVerdict {

    /** Whether a restore may go on without an operator's approval. */
    boolean permitsRestore();

    /**
     * The snapshot may be restored.
     *
     * @param age its age, at least zero
     */
    record Ok(Duration age) implements RestoreVerdict {
        @Override
        public boolean permitsRestore() {
            return true;
        }
    }

    /**
     * The snapshot is older than allowed. A named operator may approve it: {@link RestoreRequest#approvedBy}.
     *
     * @param age its age
     * @param maxAge the greatest age allowed
     */
    record TooOld(Duration age, Duration maxAge) implements RestoreVerdict {
        @Override
        public boolean permitsRestore() {
            return false;
        }
    }

    /**
     * The snapshot comes from a later version than the host has ever had; restoring it risks corruption. Nobody can approve it.
     *
     * @param snapshotVersion the snapshot's version
     * @param currentVersion the host's version
     */
    record VersionAhead(long snapshotVersion, long currentVersion) implements RestoreVerdict {
        @Override
        public boolean permitsRestore() {
            return false;
        }
    }
}
