/**
 * A database that a host may have open: its files, safe ways to connect to it, who else has it open. Nothing here opens a main database or its
 * {@code -shm} with Java I/O: closing any descriptor of such a file drops every POSIX lock that this process holds on it
 * (SQLite, "How To Corrupt An SQLite Database File", 2.2), the host's own included. Sizes and attributes come from {@code stat}, which opens nothing.
 */
package dev.cairn.backup.sqlite.live;
