/** Cursor recovery wired to snapshots: the cut as a dataset, what the retained snapshots still need of the sources. The rules are in {@code dev.cairn.backup.cursor} of the API. */
package dev.cairn.backup.core.cursor;
