package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.spi.Location;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Where a database lies, for the engine's checks. */
public final class DatabasePlace {

    private DatabasePlace() {}

    /** The main file's place; of a missing one, with the symbolic links of the nearest folder that exists resolved. */
    public static Location of(DatabaseFiles files) {
        Path existing = files.main();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            Path real = existing.toRealPath()
                    .resolve(existing.relativize(files.main()))
                    .normalize();
            return new Location(real.toUri(), volume(existing));
        } catch (IOException e) {
            return new Location(files.main().toUri(), "");
        }
    }

    /** In the words of the file blob store's own location: only equal words show that a store shares the database's disk. */
    private static String volume(Path existing) throws IOException {
        if (existing.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return "dev:" + Files.getAttribute(existing, "unix:dev", LinkOption.NOFOLLOW_LINKS);
        }
        FileStore store = Files.getFileStore(existing);
        return store.name() + ":" + store.type();
    }
}
