/** Reads snapshots of a packed repository: chunk by chunk for whoever wants one file, in the order of the packs for whoever wants many. Writes nothing but its own record. */
package dev.cairn.backup.core.packed.read;
