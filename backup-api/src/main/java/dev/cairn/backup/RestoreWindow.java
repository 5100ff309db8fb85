package dev.cairn.backup;

import java.time.Instant;
import java.util.Optional;

/**
 * A stretch of time within which every transaction of a dataset can be restored. Between two windows lies a gap, from which only snapshots can be restored.
 *
 * @param dataset the dataset
 * @param base the oldest snapshot that it can be restored from
 * @param first where it begins: the base's position
 * @param from when the base was taken
 * @param last where it ends
 * @param to when the last transaction was seen; until a later window begins, nothing is known to be missing up to now
 * @param began why its timeline began, in words, such as the reason for the gap before it
 * @param missing what ends the window before the end of its timeline, such as a segment that is lost; empty if nothing does
 */
public record RestoreWindow(
        String dataset,
        SnapshotId base,
        LogPosition first,
        Instant from,
        LogPosition last,
        Instant to,
        String began,
        Optional<String> missing) {}
