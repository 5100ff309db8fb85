/**
 * The chain that a lineage's snapshots form, the stubs of removed ones, and the book of receipts. It knows snapshots by their manifests only; it neither reads nor restores content, and
 * decides nothing about what is kept.
 */
package dev.cairn.backup.core.proof.chain;
