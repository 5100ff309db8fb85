/**
 * The packed repository: deduplicated, compressed, encrypted. This room is its face; how snapshots are written, read, swept and checked lives in the rooms below. The format is in
 * {@code docs/repository-format.md}.
 */
package dev.cairn.backup.core.packed;
