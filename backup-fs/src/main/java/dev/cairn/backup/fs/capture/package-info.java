/**
 * Takes a tree at an instant: what each consistency mode does in the walk, in the freeze and when content is read. Changes nothing in the tree and knows
 * no repository.
 */
package dev.cairn.backup.fs.capture;
