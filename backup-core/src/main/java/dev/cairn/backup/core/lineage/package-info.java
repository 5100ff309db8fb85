/**
 * What an installation remembers in its state store: which lineage it is, the highest version it ever reached, when schedules ran, how the last shutdown
 * ended. Losing it is a new lineage and an alarm, never a guess.
 */
package dev.cairn.backup.core.lineage;
