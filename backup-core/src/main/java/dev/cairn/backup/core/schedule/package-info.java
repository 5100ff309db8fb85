/** When schedules of snapshots, and what else recurs, are due. The arithmetic is pure; a thread waits and calls the engine, or the host's own calls do. */
package dev.cairn.backup.core.schedule;
