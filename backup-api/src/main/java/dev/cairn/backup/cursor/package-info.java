/**
 * Cursor recovery: how far each event source has been read and applied, what of that belongs into a snapshot, and what to do when a
 * cursor no longer fits its source. Values, policies and small trackers for the host's own loop. What lives here does no I/O, starts no
 * thread and reads no clock: instants and monotonic readings are parameters, and whatever must survive a process can be taken out as an
 * immutable value and put back. The engine stores those values; nothing of the engine may live here.
 *
 * <p>Positions are next-to-read: a cursor at 7 has done with the events 0 to 6.
 */
package dev.cairn.backup.cursor;
