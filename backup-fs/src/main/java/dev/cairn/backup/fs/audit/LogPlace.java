package dev.cairn.backup.fs.audit;

import java.nio.file.Path;

/**
 * Where a log lies and how its files follow one another.
 *
 * @param folder the folder
 * @param rotation when a new file is begun
 * @param retention which old files go
 */
public record LogPlace(Path folder, Rotation rotation, FileRetention retention) {}
