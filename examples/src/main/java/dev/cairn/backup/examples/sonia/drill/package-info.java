/** EVA-OS: restores of {@code memory.db} rehearsed in isolation, down to a memory service that is really started on the restored copy. */
package dev.cairn.backup.examples.sonia.drill;
