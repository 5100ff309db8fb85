/** Writes snapshots into a packed repository: contents into chunks, chunks into blocks, blocks into packs, entries into listings. Reads nothing but the parent's listing. */
package dev.cairn.backup.core.packed.write;
