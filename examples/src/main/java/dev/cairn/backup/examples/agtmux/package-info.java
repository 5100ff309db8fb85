/**
 * A daemon that watches the sessions and panes of a terminal multiplexer by the events of several sources, keeps them in SQLite, and is restored by its operator without losing or doubling an event.
 * {@code daemon.AgtmuxBackups} is the class to read first, {@code operate.RestoreProcedure} the second; {@code AgtmuxHost} is the process, {@code Agtmux} plays its runbook.
 */
package dev.cairn.backup.examples.agtmux;
