/** When schedules are due. The arithmetic is pure; one thread waits and calls the engine, or the host's own calls do. */
package dev.cairn.backup.core.schedule;
