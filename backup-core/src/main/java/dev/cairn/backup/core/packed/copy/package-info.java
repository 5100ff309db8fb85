/** Copies a packed repository to a second store, snapshot by snapshot, so that an interrupted copy is a smaller repository and not a broken one. Needs no plaintext. */
package dev.cairn.backup.core.packed.copy;
