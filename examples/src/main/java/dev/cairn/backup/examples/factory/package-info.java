/**
 * A factory runtime: JSON proofs, a federation ledger, receipts that a tower countersigns, a panic flag, and the recovery of all of it with evidence. {@code FactoryHost} is the runtime's process,
 * {@code FactoryRestore} the restore while it is down, {@code Factory} the play of its runbook. {@code backups.FactoryBackups} is the class to read first.
 */
package dev.cairn.backup.examples.factory;
