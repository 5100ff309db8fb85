/** Reading snapshots back and comparing every byte with its checksums: one at once, or all of them as a habit, a little at a time. */
package dev.cairn.backup.core.verify;
