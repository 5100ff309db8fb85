/**
 * SONIA: an assistant on one machine, as three processes that embed Cairn. {@code gateway} holds live objects, {@code memory} a SQLite database, {@code drill} rehearses restores. Here lives what they share:
 * where things lie, command lines, starting and stopping. {@code Sonia} plays the runbook; {@code RestoreDatabase} is the command for the day when the services are down.
 */
package dev.cairn.backup.examples.sonia;
