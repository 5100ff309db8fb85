/**
 * A small notes service that embeds Cairn, and a demonstration that breaks it and brings it back. {@code NotesBackups} is the class to read first: it
 * is all that a host writes. What starts with {@code Notes} is the host, the rest breaks it, compares and prints.
 */
package dev.cairn.backup.examples.quickstart;
