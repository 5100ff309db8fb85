package dev.cairn.backup.cursor;

import java.time.Instant;

/** An event: adds a value to one of its source's slots. A repetition is the same event, written to the log a second time. */
record SimEvent(long position, EventKey key, Instant time, int slot, long value, boolean repetition) {}
