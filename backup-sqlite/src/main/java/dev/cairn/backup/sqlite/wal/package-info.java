/**
 * The write-ahead log as bytes: its header, its frames and the chain of checksums that proves them (https://www.sqlite.org/fileformat2.html#walformat). Reads one
 * file and knows neither connections nor locks: whether a frame is committed, and whether it stays, is for others to prove.
 */
package dev.cairn.backup.sqlite.wal;
