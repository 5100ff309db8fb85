package dev.cairn.backup.examples.sonia.memory;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Deletes for good what has been archived for a year: when it is asked, and after each daily backup, so that what goes is in the backup that was just taken.
 *
 * @param memory the database
 * @param clock the wall clock
 */
record YearlyPurge(MemoryDatabase memory, InstantSource clock) implements BackupListener {

    private static final Duration YEAR = Duration.ofDays(365);

    /** Answers how many it deleted. */
    int now() throws SQLException {
        return memory.purge(clock.instant().minus(YEAR));
    }

    @Override
    public void onEvent(BackupEvent event) {
        if (event instanceof BackupEvent.SnapshotCompleted completed
                && completed.report().metadata().schedule().equals(Optional.of(MemoryBackups.DAILY))) {
            try {
                now();
            } catch (SQLException | MemoryDatabase.UnusableException e) {
                System.err.println(
                        "archived memories could not be purged, the next daily backup tries again: " + e.getMessage());
            }
        }
    }
}
