package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.SourceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What must hold before a snapshot opens a database with a connection that locks and may write. */
public final class CaptureGuard {

    private CaptureGuard() {}

    /**
     * Looks at a database before it is opened; does nothing if there is no such file.
     *
     * <p>A network file system is a warning and no refusal. Where locks and shared memory do not work the host itself is in danger; a snapshot adds one reader
     * to that, and without it the host would have no backup at all. What was read is checked as usual when it is restored.
     *
     * @param warnings takes the snapshot's warnings
     * @throws SourceException if the process has a second copy of SQLite's native library, or the file is no database that can be read without a
     *     key; nothing was written
     */
    public static void requireReadable(DatabaseSettings settings, Consumer<String> warnings) {
        requireReadable(settings, warnings, NetworkFileSystem::under);
    }

    static void requireReadable(
            DatabaseSettings settings, Consumer<String> warnings, Function<Path, Optional<String>> networkType) {
        DatabaseFiles files = settings.files();
        if (!Files.isRegularFile(files.main(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        NativeCopies.requireSingle(settings, warnings);
        UnreadableDatabase.refuse(settings, files);
        networkType
                .apply(files.main())
                .ifPresent(type -> warnings.accept(files.main() + " lies on a network file system (" + type
                        + "): its locks and, in WAL mode, its shared memory may not hold between machines, so this snapshot is exact only if this"
                        + " machine alone uses the database; keep it on a local disk"));
    }
}
