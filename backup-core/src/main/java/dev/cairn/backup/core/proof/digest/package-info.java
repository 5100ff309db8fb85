/** How manifests and records become digests: Merkle trees, canonical forms, links. Pure functions: nothing here reads or stores. */
package dev.cairn.backup.core.proof.digest;
