package dev.cairn.backup.cursor;

import dev.cairn.backup.SnapshotId;
import java.time.Instant;

/**
 * A durable snapshot that can be restored, retained or pinned, with the cut it carries.
 *
 * @param snapshot its id
 * @param takenAt when it was taken
 * @param cut its cut
 */
public record RetainedCut(SnapshotId snapshot, Instant takenAt, SnapshotCut cut) {}
