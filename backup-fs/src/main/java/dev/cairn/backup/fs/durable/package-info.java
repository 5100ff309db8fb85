/**
 * Writes that survive a power cut once they return, and the threads that do channel I/O. Everything goes through
 * {@code java.nio.file} and {@link java.nio.channels.FileChannel}, so that a file system provider put in between sees each write, force, link, move and
 * delete. No knowledge of blobs, datasets or snapshots lives here.
 */
package dev.cairn.backup.fs.durable;
