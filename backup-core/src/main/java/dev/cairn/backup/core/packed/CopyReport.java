package dev.cairn.backup.core.packed;

import java.time.Duration;

/**
 * What copying a repository did.
 *
 * @param snapshots snapshots that the second store holds now and did not before
 * @param blobs blobs that were copied
 * @param bytes their bytes
 * @param present blobs that were there already
 * @param elapsed how long it took
 */
public record CopyReport(long snapshots, long blobs, long bytes, long present, Duration elapsed) {}
