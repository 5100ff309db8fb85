/**
 * The browsable repository: snapshots as plain files and a {@code manifest.json}, for people who want to look, grep and copy by hand.
 * Its layout is described in {@link dev.cairn.backup.core.browse.BrowsableRepository}. Nothing here decides what is taken, kept or restored.
 */
package dev.cairn.backup.core.browse;
