/**
 * The host's view: the {@link dev.cairn.backup.SnapshotManager}, what it takes (requests, schedules, retention, hooks) and what
 * it answers (metadata, verdicts, plans, reports, health, events, errors). Values are immutable records, outcomes are sealed,
 * time is {@link java.time.Instant} and {@link java.time.Duration}. No engine lives here and nothing in this package does I/O,
 * starts a thread or reads a clock.
 */
package dev.cairn.backup;
