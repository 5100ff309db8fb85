package dev.cairn.backup.sqlite.capture;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PageChanges;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * A database pinned by an open read transaction. Opening its content copies it into scratch and lets the pin go at once, so that the host's {@code -wal} can be checkpointed again while a slow
 * store is still being fed. Whoever is content with the pages that changed opens nothing and nothing is copied; the pin then goes with the first of them that is read.
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
    private final FrozenLog log;
    private @Nullable PageCopy pages;
    private @Nullable ScratchFile scratch;
    private @Nullable Path copy;
    private boolean unpinned;
    private boolean sufficed;
    private @Nullable Map<String, Long> counts;
    private volatile boolean closed;
    private boolean released;

    FrozenDatabase(
            DatabaseSettings settings,
            DatabaseFiles files,
            CaptureContext context,
            SQLiteConnection pinned,
            FrozenLog log) {
        this.settings = settings;
        this.files = files;
        this.context = context;
        this.pinned = pinned;
        this.log = log;
    }

    @Override
    public synchronized EntryCursor entries() {
        if (pages != null || closed) {
            throw new IllegalStateException(files.main() + (closed ? " is closed" : " was read before"));
        }
        try {
            EntryAttributes attributes = FileRights.attributesOf(files);
            PageCopy whole = PageCopy.of(settings.name(), files.main(), pinned);
            pages = whole;
            return EntryCursor.of(List.of(Entry.file(
                    EntryPath.of(files.fileName()), whole.bytes(), attributes, new Pages(whole.pageSize()))));
        } catch (SQLException e) {
            throw SqliteFailure.source(settings.name(), files.main(), e);
        } catch (IOException e) {
            throw new SourceException(
                    settings.name(),
                    files.main() + " cannot be read: " + e.getMessage(),
                    "Mend the cause and try again",
                    e);
        }
    }

    /** The database, told page by page: a repository then stores the pages that changed. */
    private final class Pages implements EntryContent {

        private final int pageSize;

        Pages(int pageSize) {
            this.pageSize = pageSize;
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(copied());
        }

        @Override
        public int pageSize() {
            return pageSize;
        }

        @Override
        public Optional<PageChanges> changesSince(LogPosition earlier) {
            return log.changesSince(earlier).map(FirstRead::new);
        }
    }

    /** Pages that changed. Whoever reads one has decided not to read everything, and needs the pin no longer. */
    private final class FirstRead implements PageChanges {

        private final PageChanges changes;

        FirstRead(PageChanges changes) {
            this.changes = changes;
        }

        @Override
        public long size() {
            return changes.size();
        }

        @Override
        public int[] pages() {
            return changes.pages();
        }

        @Override
        public void read(int page, byte[] into, int offset) throws IOException {
            letGo();
            changes.read(page, into, offset);
        }
    }

    private synchronized void letGo() {
        if (!unpinned && !closed && pages != null) {
            counts();
            unpin();
            sufficed = true;
        }
    }

    /** The copy in scratch, made by whoever comes first. After a failure there is none and never will be: the pin is gone. */
    private synchronized Path copied() throws IOException {
        PageCopy whole = pages;
        if (closed || whole == null) {
            throw new IllegalStateException(files.main() + " is closed");
        }
        Path made = copy;
        if (made != null) {
            return made;
        }
        if (sufficed) {
            log.insufficient();
            throw new CutMissedException(settings.name(), files.fileName());
        }
        if (unpinned) {
            throw new IOException("its pinned state was let go when it could not be copied");
        }
        try {
            ScratchFile place = context.scratch().reserve(settings.name(), whole.bytes());
            scratch = place;
            whole.into(place.path(), () -> isUnwanted() || log.isOutgrown());
            copy = place.path();
            return place.path();
        } catch (SQLException e) {
            throw SqliteFailure.source(settings.name(), files.main(), e);
        } catch (BackupCancelledException e) {
            throw isUnwanted() ? e : outgrown();
        } finally {
            unpin();
        }
    }

    private SourceException outgrown() {
        return new SourceException(
                settings.name(),
                "copying " + files.main() + " was given up because its -wal has grown to the limit meanwhile",
                "Try again when less is written, or allow more: ContinuousProtection.walLimit",
                null);
    }

    private boolean isUnwanted() {
        return closed
                || context.cancellation().isCancelled()
                || Thread.currentThread().isInterrupted();
    }

    @Override
    public Optional<LogPosition> logPosition() {
        return log.position();
    }

    /** Asked of the copy, if there is one; else of the pinned state itself. */
    @Override
    public synchronized Map<String, Long> counts() {
        Map<String, Long> known = counts;
        if (known != null) {
            return known;
        }
        Path made = copy;
        if (closed || pages == null || (made == null && unpinned)) {
            return Map.of();
        }
        CountQueries queries = new CountQueries(settings, context);
        Map<String, Long> found = made == null ? queries.ask(pinned) : queries.ask(made);
        counts = found;
        return found;
    }

    private void unpin() {
        unpinned = true;
        Connections.closeQuietly(pinned);
    }

    @Override
    public void close() {
        closed = true; // first, without the lock: a copy that is being made on another thread stops
        release();
    }

    private synchronized void release() {
        if (released) {
            return;
        }
        released = true;
        try {
            log.close();
        } finally {
            unpin();
            if (scratch != null) {
                scratch.close();
            }
        }
    }
}
