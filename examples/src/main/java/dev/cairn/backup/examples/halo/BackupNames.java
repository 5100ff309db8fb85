package dev.cairn.backup.examples.halo;

import dev.cairn.backup.SnapshotId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Names such as {@code backup-2026-02-18T09-00-00-000Z}. */
final class BackupNames {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "'backup-'uuuu-MM-dd'T'HH-mm-ss-SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    BackupNames(InstantSource clock) {
        this.clock = clock;
    }

    /** The name for a time that a caller gave. */
    static SnapshotId of(Instant now) {
        return SnapshotId.of(FORMAT.format(now));
    }

    /** The name for now; never the same twice, also within a millisecond. */
    SnapshotId next() {
        return of(Instant.ofEpochMilli(last.updateAndGet(before -> Math.max(before + 1, clock.millis()))));
    }
}
