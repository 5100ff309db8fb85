/** A look inside snapshots without restoring them: what lies below a path, the bytes of one entry, and how two snapshots differ. Reads only; knows no live data. */
package dev.cairn.backup.core.inspect;
