/**
 * How a blob becomes a file: the recipe of a durable put, what a folder can do, listing. Knows names and bytes, nothing of snapshots.
 */
package dev.cairn.backup.fs.blob;
