/**
 * What an extension implements: a {@link dev.cairn.backup.spi.Dataset} (something that can be snapshotted), a
 * {@link dev.cairn.backup.spi.BlobStore} (somewhere that bytes are kept) or a
 * {@link dev.cairn.backup.spi.SnapshotRepository} (how snapshots are laid out in a store). Each contract here has a published
 * test suite in {@code backup-testkit}; an implementation that passes it works with the engine. Hosts do not need this package.
 */
package dev.cairn.backup.spi;
