/**
 * Frees what no snapshot needs, while writers, readers and other sweeps run. The protocol is in {@code docs/repository-format.md}, section 11, and each step here says which
 * of its sentences it carries out.
 */
package dev.cairn.backup.core.packed.sweep;
