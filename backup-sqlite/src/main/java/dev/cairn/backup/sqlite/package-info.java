/**
 * SQLite databases as datasets: {@link dev.cairn.backup.sqlite.SqliteDataset} for a whole one, {@link dev.cairn.backup.sqlite.SqliteTablesDataset} for
 * some of its tables, and their options. What a host configures lives here; how a live
 * database is read or replaced does not.
 */
package dev.cairn.backup.sqlite;
