package dev.cairn.backup;

/**
 * Told that new data is live, before the restore is declared done: the place to reset the projection version, to clear buffers and to replay
 * events. If it throws, everything is rolled back, and the callback is not called again.
 */
@FunctionalInterface
public interface RestoreCallback {

    /**
     * @param snapshot what has just been restored
     */
    void onRestored(SnapshotMetadata snapshot);
}
