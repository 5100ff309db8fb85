package dev.cairn.backup;

import java.time.Instant;

/**
 * A state of one dataset between snapshots: a base and the transactions after it. Found by {@link SnapshotManager#restorePoint}, fixed for ever: what is committed later does not change it.
 *
 * @param dataset the dataset
 * @param base the snapshot that the transactions are applied to
 * @param position the last transaction that is in it
 * @param seenAt when that transaction was seen in the log, by the wall clock of the protected host: it was committed then or up to one poll interval earlier; for the base's own
 *     position, when the base was taken
 */
public record RestorePoint(String dataset, SnapshotId base, LogPosition position, Instant seenAt) {}
