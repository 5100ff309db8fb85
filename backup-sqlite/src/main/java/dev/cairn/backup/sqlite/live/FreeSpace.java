package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.LiveTarget;
import dev.cairn.backup.spi.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether what a restore writes beside a live database fits. */
public final class FreeSpace {

    /** Left free beside it, for the directory, a journal and the host's next commits. */
    private static final long SPARE_BYTES = 16L * 1024 * 1024;

    private FreeSpace() {}

    /**
     * Refuses what does not fit, before anything is written.
     *
     * @param database the live database, which may be missing, as may its folder
     * @param bytes how much will be written, at least zero
     * @param nextStep how to make room
     * @throws StoreException if it does not fit
     */
    public static void require(Path database, long bytes, String nextStep) throws IOException {
        if (!fits(database, bytes)) {
            throw new StoreException(
                    StoreException.Reason.FULL,
                    new DatabaseFiles(database).folder() + " has " + of(database) + " bytes free; "
                            + (bytes + SPARE_BYTES) + " are needed to restore beside the live database",
                    nextStep,
                    null);
        }
    }

    /** Whether so many bytes fit. */
    public static boolean fits(Path database, long bytes) throws IOException {
        return of(database) - SPARE_BYTES >= bytes;
    }

    /** A look at the place of a database; empty where nothing of it can be looked at. */
    public static Optional<LiveTarget> look(DatabaseFiles live, Location location) {
        try {
            LiveTarget.Shape shape = !live.exists()
                    ? LiveTarget.Shape.MISSING
                    : Files.isDirectory(live.main())
                            ? LiveTarget.Shape.FOLDER
                            : Files.isRegularFile(live.main()) ? LiveTarget.Shape.FILE : LiveTarget.Shape.OTHER;
            return Optional.of(new LiveTarget(location, shape, of(live.main()), SPARE_BYTES));
        } catch (IOException e) {
            return Optional.empty(); // Staging will say why.
        }
    }

    private static long of(Path database) throws IOException {
        Path existing = new DatabaseFiles(database).folder();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Files.getFileStore(existing).getUsableSpace();
    }
}
