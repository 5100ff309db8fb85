/**
 * Follows the write-ahead log of a live database and ships what it holds, transaction by transaction: {@link dev.cairn.backup.sqlite.ship.LogShipper}. Holds read
 * transactions and runs passive checkpoints; never writes to the database, and never opens its main file or {@code -shm} but through SQLite.
 */
package dev.cairn.backup.sqlite.ship;
