/**
 * MagDS, an application whose backups are run from a command line: {@code mag magds:backup run|verify} and {@code mag magds:restore}. {@code Mag} is the program, built on {@code backup-cli};
 * {@code MagdsBackups} embeds Cairn; telemetry, the bus and the evidence folder are the host's.
 */
package dev.cairn.backup.examples.magds;
