/**
 * Planning a restore, carrying it out so that it ends all old or all new, taking it back, keeping its trash, and ending after a crash what was begun. The records of a restore in the state
 * store are described in {@link dev.cairn.backup.core.restore.RestoreRecords}.
 */
package dev.cairn.backup.core.restore;
