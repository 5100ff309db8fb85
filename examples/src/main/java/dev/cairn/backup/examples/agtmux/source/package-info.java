/**
 * Sources of events, in a process of their own: each has a log file that it compacts up to what was acknowledged, and a state of its own for whoever has missed what it compacted. Nothing of backups
 * may live here.
 */
package dev.cairn.backup.examples.agtmux.source;
