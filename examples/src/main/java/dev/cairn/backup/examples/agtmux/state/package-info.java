/**
 * What the daemon keeps: one SQLite database and the projection of all sources' events in it. Five of its six state tables go back with a restore, and the events that they have seen; the catalogue of
 * snapshots and what was acknowledged to the sources never do.
 */
package dev.cairn.backup.examples.agtmux.state;
