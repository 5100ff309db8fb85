/**
 * Puts a database from a snapshot in the place of the live one: stage, verify, prove that nobody has the old one open, swap, undo. Every
 * change of the live files is made here and nowhere else, and follows the journal.
 */
package dev.cairn.backup.sqlite.restore;
