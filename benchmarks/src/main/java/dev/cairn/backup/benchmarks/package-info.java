/**
 * Programs that measure what Cairn costs a host, each with a {@code main}: how long the barrier is held, and what a writer feels of a snapshot. They print
 * a table and JSON lines; {@code benchmarks/results} keeps the lines of past runs with the command that made them.
 */
package dev.cairn.backup.benchmarks;
