/**
 * Puts a tree back: written and verified in a staging folder beside the live data, then moved in child by child under a journal, from which every step
 * can be undone after any crash. The old data becomes trash. Knows no repository.
 */
package dev.cairn.backup.fs.restore;
