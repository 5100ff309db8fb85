/**
 * Snapshots as one file to carry away: written as a tar that GNU tar reads, compressed and encrypted for {@code openssl enc} if wanted, and read back into
 * any repository. Works on the service interfaces of repositories only. The form is described in {@link dev.cairn.backup.core.archive.SnapshotArchive}.
 */
package dev.cairn.backup.core.archive;
