package dev.cairn.backup.sqlite.capture;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.ScratchSpace.ScratchFile;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.FileRights;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * A database pinned by an open read transaction. Asking for the entries copies it into scratch and lets the pin go at once, so that the host's
 * {@code -wal} can be checkpointed again while a slow store is still being fed.
 *
 * <p>There is no {@link #identity}: SQLite keeps nothing in a file that tells one database from another and survives a schema change, and the
 * inode changes with every restore, which would put every snapshot after one under suspicion. A database that was emptied or made anew is
 * found by the engine's rule about lost bytes instead.
 */
final class FrozenDatabase implements FrozenView {

    private final DatabaseSettings settings;
    private final DatabaseFiles files;
    private final CaptureContext context;
    private final SQLiteConnection pinned;
    private @Nullable ScratchFile scratch;
    private Map<String, Long> counts = Map.of();
    private boolean read;
    private volatile boolean closed;

    FrozenDatabase(DatabaseSettings settings, DatabaseFiles files, CaptureContext context, SQLiteConnection pinned) {
        this.settings = settings;
        this.files = files;
        this.context = context;
        this.pinned = pinned;
    }

    @Override
    public synchronized EntryCursor entries() {
        if (read || closed) {
            throw new IllegalStateException(files.main() + (closed ? " is closed" : " was read before"));
        }
        read = true;
        try {
            EntryAttributes attributes = FileRights.attributesOf(files);
            PageCopy pages = PageCopy.of(settings.name(), files.main(), pinned);
            int pageSize = Math.toIntExact(Connections.number(pinned, "PRAGMA page_size"));
            ScratchFile place = context.scratch().reserve(settings.name(), pages.bytes());
            scratch = place;
            Path copy = place.path();
            pages.into(copy, this::isUnwanted);
            Connections.closeQuietly(pinned);
            counts = CountQueries.run(settings, copy, context);
            return EntryCursor.of(List.of(
                    Entry.file(EntryPath.of(files.fileName()), pages.bytes(), attributes, new Pages(copy, pageSize))));
        } catch (SQLException e) {
            throw SqliteFailure.source(settings.name(), files.main(), e);
        } catch (IOException e) {
            throw new SourceException(
                    settings.name(),
                    files.main() + " cannot be read: " + e.getMessage(),
                    "Mend the cause and try again",
                    e);
        } finally {
            Connections.closeQuietly(pinned);
        }
    }

    /** The copy, told page by page: a repository then stores the pages that changed. */
    private record Pages(Path copy, int pageSize) implements EntryContent {

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(copy);
        }
    }

    private boolean isUnwanted() {
        return closed
                || context.cancellation().isCancelled()
                || Thread.currentThread().isInterrupted();
    }

    @Override
    public synchronized Map<String, Long> counts() {
        return counts;
    }

    @Override
    public void close() {
        closed = true; // first, without the lock: a copy that is being made on another thread stops
        release();
    }

    private synchronized void release() {
        Connections.closeQuietly(pinned);
        if (scratch != null) {
            scratch.close();
            scratch = null;
        }
    }
}
