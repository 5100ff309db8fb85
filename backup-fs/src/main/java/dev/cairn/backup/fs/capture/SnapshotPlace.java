package dev.cairn.backup.fs.capture;

import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How the host takes a snapshot of its file system.
 *
 * @param take called inside the barrier, on its thread; tells where the dataset's root is in the snapshot
 * @param release called once when the snapshot is no longer needed
 */
public record SnapshotPlace(Supplier<Path> take, Consumer<Path> release) {}
