/**
 * Programs that measure what Cairn costs a host, each with a {@code main}: how long the barrier is held, what a writer feels of a snapshot, and how the
 * packed repository compares with restic, rustic, borg and tar, with many snapshots, with many files and after many runs; and for SQLite how snapshots, restores,
 * protected writers and table sets compare with restic, Litestream and SQLite's own tools. They print a table and JSON lines; {@code benchmarks/results} keeps the lines of past runs with the command that made them.
 */
package dev.cairn.backup.benchmarks;
