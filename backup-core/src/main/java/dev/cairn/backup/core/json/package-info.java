/**
 * JSON as a tree of plain values, read and written by Jackson's streaming core alone. What the engine stores goes through here; only the codec for the host's own objects uses databind,
 * whose 570 classes cost a cold JVM 0.15 s.
 */
package dev.cairn.backup.core.json;
