/** Evidence that a recovery did what it should: the checklist, signed proofs, the quarterly drill. */
package dev.cairn.backup.examples.factory.resilience;
