/**
 * SQLite databases as datasets: {@link dev.cairn.backup.sqlite.SqliteDataset} and its options. What a host configures lives here; how a live
 * database is read or replaced does not.
 */
package dev.cairn.backup.sqlite;
