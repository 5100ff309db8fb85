package dev.cairn.backup.core.e2e;

import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A process that begins a drill and never ends it. */
public final class KilledDrill {

    private KilledDrill() {}

    static SnapshotManager open(Path place) {
        return Cairn.builder()
                .home(FileHome.at(place.resolve("home")))
                .dataset(FilesDataset.of("files", place.resolve("live")))
                .open();
    }

    /** @param args where its data and its home are */
    public static void main(String[] args) {
        try (SnapshotManager backups = open(Path.of(args[0]))) {
            backups.create();
            backups.drill(DrillRequest.latest().check("waits", Duration.ofMinutes(5), place -> {
                System.out.println("DRILLING");
                new CountDownLatch(1).await();
                return true;
            }));
        }
    }
}
