/**
 * Rehearsing a restore: an isolated copy, the datasets' and the host's checks, each within its time, a damaged copy that must be found out, and what remains of it: the report, and a bundle when it
 * fails. Nothing here touches the live data.
 */
package dev.cairn.backup.core.drill;
