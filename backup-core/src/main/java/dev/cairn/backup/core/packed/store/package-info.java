/**
 * What lies in the store of a packed repository and under which names: its description, manifests, sessions, and the view of its index. Knows the format, but not how
 * snapshots are written, read or swept.
 */
package dev.cairn.backup.core.packed.store;
