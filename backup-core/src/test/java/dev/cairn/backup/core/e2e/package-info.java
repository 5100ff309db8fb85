/** The engine with real files, a real SQLite, real processes that are really killed, and disks that lose power. */
package dev.cairn.backup.core.e2e;
