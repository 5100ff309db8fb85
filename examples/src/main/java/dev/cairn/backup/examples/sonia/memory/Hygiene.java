package dev.cairn.backup.examples.sonia.memory;

import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The operator's checklist, looked through by the service: what health warns of, growth among it, and what is this host's own business, such as how old a manual backup may be before somebody looks whether it is still needed.
 *
 * @param disks the folders on whose disks room is needed
 * @param free tells the free bytes of a folder's disk
 */
record Hygiene(List<Path> disks, ToLongFunction<Path> free) {

    private static final Duration OLD = Duration.ofDays(90);

    /** A disk must hold at least as many databases as the newest backup is large: one that is restored, one that is set aside, and a backup. */
    private static final int ROOM = 3;

    private static final long LEAST_ROOM = 64L << 20;

    /** Of these folders, by what the file system says. */
    static Hygiene of(Path... disks) {
        return new Hygiene(List.of(disks), Hygiene::usable);
    }

    private static long usable(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException e) {
            return 0; // A disk that cannot tell how much room it has is not one to rely on.
        }
    }

    /** What to look at, one sentence each. */
    List<String> warnings(BackupHealth health, List<SnapshotMetadata> snapshots, Instant now) {
        List<String> found = new ArrayList<>(health.warnings());
        room(snapshots, found);
        for (SnapshotMetadata snapshot : snapshots) {
            if (snapshot.dataset(MemoryBackups.DATABASE)
                    .filter(Hygiene::isEmpty)
                    .isPresent()) {
                found.add("backup " + snapshot.id() + " is empty: it holds no memory but the canary");
            }
            if (isManual(snapshot) && snapshot.createdAt().plus(OLD).isBefore(now)) {
                found.add("manual backup " + snapshot.id() + " is "
                        + Duration.between(snapshot.createdAt(), now).toDays()
                        + " days old; delete it if nobody needs it: nothing else ever will");
            }
        }
        return found;
    }

    private void room(List<SnapshotMetadata> snapshots, List<String> found) {
        long newest =
                snapshots.isEmpty() ? 0 : snapshots.get(snapshots.size() - 1).sizeBytes();
        long needed = Math.max(LEAST_ROOM, newest * ROOM);
        for (Path disk : disks) {
            long there = free.applyAsLong(disk);
            if (there < needed) {
                found.add("the disk of " + disk + " has " + there
                        + " bytes free, a restore and the next backup may need " + needed);
            }
        }
    }

    private static boolean isManual(SnapshotMetadata snapshot) {
        return snapshot.trigger() == SnapshotTrigger.MANUAL
                && snapshot.label().filter(MemoryBackups.MANUAL::equals).isPresent();
    }

    private static boolean isEmpty(DatasetSummary database) {
        return database.counts().getOrDefault("memories", 0L) <= 1;
    }
}
