package dev.cairn.backup.benchmarks;

/**
 * A moment at which the writer knows of some commits more than at the mark before.
 *
 * @param commits how many more
 * @param counter how many in all, as {@link Host.State} counts them
 * @param since a moment after which the last of them were acknowledged, {@link System#nanoTime}; the mark before was made then
 * @param position where the log ended, at or after the last of them
 */
record CommitMark(long commits, long counter, long since, WalPosition position) {}
