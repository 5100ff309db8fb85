/**
 * The listing of a dataset: its entries in path order as a tree of chunks, leaves of entries and nodes of children (section 8 of the format).
 * Here a listing is written and read as a stream, and compared with the one of the snapshot before. Where chunks are kept is no business of this
 * room: it hands them to a {@link dev.cairn.backup.core.chunk.ChunkSink} and takes them from a
 * {@link dev.cairn.backup.core.chunk.ChunkSource}.
 */
package dev.cairn.backup.core.listing;
