/** Marks: small statements about snapshots, kept as blobs of their own. Decides nothing about what they mean. */
package dev.cairn.backup.core.mark;
