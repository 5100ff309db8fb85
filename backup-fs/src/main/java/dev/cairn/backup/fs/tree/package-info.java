/**
 * A file tree as it stands: walking it in path order, the state of one file, which paths a dataset selects, and where a path really lies. Reads
 * names and attributes, never content, and changes nothing.
 */
package dev.cairn.backup.fs.tree;
