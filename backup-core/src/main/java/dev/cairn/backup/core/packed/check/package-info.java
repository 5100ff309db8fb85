/**
 * Looks for damage in a packed repository, as deep as asked, and mends what can be mended without the sources. Never removes a snapshot or a pack; see {@code docs/repository-format.md},
 * section 12.
 */
package dev.cairn.backup.core.packed.check;
