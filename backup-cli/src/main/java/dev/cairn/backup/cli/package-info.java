/**
 * The program {@code cairn}: the root command, its surroundings, its exit codes, and what a program with commands of its own reuses of it. What the commands do is in {@code command}, what they say in
 * {@code output}, the configuration file in {@code config}.
 */
package dev.cairn.backup.cli;
