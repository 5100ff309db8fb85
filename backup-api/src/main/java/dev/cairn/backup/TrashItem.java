package dev.cairn.backup;

import java.time.Instant;

/**
 * What one restore has put aside of one dataset.
 *
 * @param restoreId the restore
 * @param when when it began
 * @param dataset the dataset
 * @param place where it lies: a folder, a file, {@code memory} for a value that the state store keeps
 * @param bytes how much it is
 */
public record TrashItem(String restoreId, Instant when, String dataset, String place, long bytes) {}
