/**
 * The contract suites ({@link dev.cairn.backup.testkit.BlobStoreContract}, {@link dev.cairn.backup.testkit.DatasetContract},
 * {@link dev.cairn.backup.testkit.SnapshotRepositoryContract}) and the doubles they and other tests use. A suite is extended by one
 * test class per implementation; a failure's message begins with the sentence of the contract that is broken. Nothing here is an
 * engine: no capture, no format, no retention.
 */
package dev.cairn.backup.testkit;
