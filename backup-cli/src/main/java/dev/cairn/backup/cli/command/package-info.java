/** The commands of {@code cairn}, one class each, and the records of what they answer. */
package dev.cairn.backup.cli.command;
