/** What the factory works with: batches that come in with a nonce, the ledger, the proofs, the receipts, and the sync that can be stopped. */
package dev.cairn.backup.examples.factory.federation;
