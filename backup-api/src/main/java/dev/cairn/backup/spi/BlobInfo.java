package dev.cairn.backup.spi;

/**
 * A blob as a store lists it.
 *
 * @param name its name
 * @param size its size in bytes, at least 0
 */
public record BlobInfo(BlobName name, long size) {}
