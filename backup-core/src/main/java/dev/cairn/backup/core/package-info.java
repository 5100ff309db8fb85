/**
 * The engine's front door: {@link dev.cairn.backup.core.Cairn}. What a host builds here it uses through
 * {@link dev.cairn.backup.SnapshotManager}. The rooms below do one thing each: capture, browse, restore, retain, verify, schedule, operate, state, lineage.
 * No class of the engine touches a disk; all input and output goes through blob stores and datasets.
 */
package dev.cairn.backup.core;
