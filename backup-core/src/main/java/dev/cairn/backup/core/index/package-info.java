/**
 * The index: which chunk lies in which pack (section 7 of the format). It is known from segments and can be rebuilt from the packs. It
 * reads and writes no blobs.
 */
package dev.cairn.backup.core.index;
