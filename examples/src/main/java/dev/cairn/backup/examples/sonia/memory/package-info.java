/** The memory service: {@code memory.db} with full-text search, its backups, and what operators ask of them. {@code MemoryBackups} is the class to read first. */
package dev.cairn.backup.examples.sonia.memory;
