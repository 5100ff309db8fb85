package dev.cairn.backup.sqlite.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PageChanges;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import dev.cairn.backup.testkit.TestScratch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

class FrozenDatabaseTest {

    @TempDir
    Path folder;

    private Path live;
    private RecordingCaptureContext context;

    @BeforeEach
    void makeADatabase() throws Exception {
        live = TestDatabase.counter(folder.resolve("live.db"), "wal", 7);
        context = RecordingCaptureContext.in(folder.resolve("scratch"));
    }

    private SqliteDataset dataset() {
        return SqliteDataset.of("live", live)
                .count("value", "SELECT value FROM counter")
                .count("gone", "SELECT * FROM gone");
    }

    @Test
    void nothingIsCopiedUntilTheContentIsOpened() throws Exception {
        try (PreparedCapture prepared = dataset().prepare(context).orElseThrow();
                FrozenView view = prepared.freeze()) {
            Entry entry = entryOf(view);
            assertEquals(List.of(), context.scratch().held());
            TestDatabase.run(live, "UPDATE counter SET value = 8");
            byte[] first = read(entry.content());
            assertEquals(1, context.scratch().held().size());
            TestDatabase.run(live, "UPDATE counter SET value = 9");
            assertArrayEquals(first, read(entry.content()), "the same state, each time");
            assertEquals(entry.size(), first.length);
        }
        assertEquals(List.of(), context.scratch().held());
    }

    @Test
    void countsOfADatabaseThatWasNotCopiedAreOfTheFrozenState() throws Exception {
        try (PreparedCapture prepared = dataset().prepare(context).orElseThrow();
                FrozenView view = prepared.freeze()) {
            TestDatabase.run(live, "UPDATE counter SET value = 8");
            entryOf(view);
            assertEquals(Map.of("value", 7L), view.counts());
            assertEquals(List.of(), context.scratch().held());
        }
        assertEquals(1, context.warnings().size(), "the count that cannot be taken is told once");
    }

    @Test
    void aCountQueryCannotWriteIntoTheHostsDatabase() throws Exception {
        SqliteDataset writing =
                SqliteDataset.of("live", live).count("wrong", "UPDATE counter SET value = 99 RETURNING value");
        try (PreparedCapture prepared = writing.prepare(context).orElseThrow();
                FrozenView view = prepared.freeze()) {
            entryOf(view);
            assertEquals(Map.of(), view.counts());
        }
        assertEquals(7, TestDatabase.counterOf(live));
    }

    @Test
    void aViewThatWasNeverOpenedLetsThePinGoWhenItIsClosed() throws Exception {
        try (PreparedCapture prepared = dataset().prepare(context).orElseThrow()) {
            FrozenView view = prepared.freeze();
            entryOf(view);
            TestDatabase.run(live, "UPDATE counter SET value = 8");
            try (Connection other = TestDatabase.open(live)) {
                TestDatabase.run(other, "PRAGMA busy_timeout=0");
                assertEquals("1", TestDatabase.one(other, "PRAGMA wal_checkpoint(TRUNCATE)"), "it is pinned");
                view.close();
                assertEquals("0", TestDatabase.one(other, "PRAGMA wal_checkpoint(TRUNCATE)"));
            }
            assertEquals(Map.of(), view.counts());
            assertThrows(IllegalStateException.class, view::entries);
        }
    }

    @Test
    void aContentIsNotOpenedOnceItsViewIsClosed() throws Exception {
        try (PreparedCapture prepared = dataset().prepare(context).orElseThrow()) {
            FrozenView view = prepared.freeze();
            EntryContent content = entryOf(view).content();
            view.close();
            assertThrows(IllegalStateException.class, content::open);
        }
        assertEquals(List.of(), context.scratch().held());
    }

    @Test
    void aCopyThatFailedIsNotTakenForOne() throws Exception {
        RecordingCaptureContext small = RecordingCaptureContext.of(
                SnapshotId.of("snap-1"), TestScratch.in(folder.resolve("small")).quota(4096));
        try (PreparedCapture prepared = dataset().prepare(small).orElseThrow();
                FrozenView view = prepared.freeze()) {
            EntryContent content = entryOf(view).content();
            assertThrows(LimitExceededException.class, content::open);
            assertThrows(IOException.class, content::open);
            assertEquals(Map.of(), view.counts());
        }
    }

    @Test
    void anInterruptStopsTheCopyAndKeepsTheFlag() throws Exception {
        try (PreparedCapture prepared = dataset().prepare(context).orElseThrow();
                FrozenView view = prepared.freeze()) {
            EntryContent content = entryOf(view).content();
            Thread.currentThread().interrupt();
            assertThrows(BackupCancelledException.class, content::open);
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void whatTheLogKnowsIsAskedOfItAndItIsLetGoOnce() throws Exception {
        KnownLog log = new KnownLog();
        FrozenDatabase view = frozen(log);
        try (view) {
            EntryContent content = entryOf(view).content();
            assertEquals(Optional.of(KnownLog.HERE), view.logPosition());
            assertEquals(0, content.changesSince(KnownLog.EARLIER).orElseThrow().pages().length);
            assertEquals(Optional.empty(), content.changesSince(KnownLog.HERE));
            assertEquals(0, log.closed.get());
        }
        view.close();
        assertEquals(1, log.closed.get());
    }

    @Test
    void thePinGoesWithTheFirstChangedPageThatIsRead() throws Exception {
        KnownLog log = new KnownLog();
        try (FrozenDatabase view = frozen(log);
                Connection other = TestDatabase.open(live)) {
            TestDatabase.run(other, "PRAGMA busy_timeout=0");
            TestDatabase.run(live, "UPDATE counter SET value = 8");
            EntryContent content = entryOf(view).content();
            PageChanges changes = content.changesSince(KnownLog.EARLIER).orElseThrow();
            assertEquals("1", TestDatabase.one(other, "PRAGMA wal_checkpoint(TRUNCATE)"), "it is pinned");
            changes.read(0, new byte[4096], 0);
            assertEquals("0", TestDatabase.one(other, "PRAGMA wal_checkpoint(TRUNCATE)"));
            assertEquals(Map.of("value", 7L), view.counts(), "they were taken before");
            assertEquals(0, log.insufficient.get());
            assertThrows(CutMissedException.class, content::open);
            assertEquals(1, log.insufficient.get(), "the next one is read whole");
        }
        assertEquals(List.of(), context.scratch().held());
    }

    private FrozenDatabase frozen(FrozenLog log) throws Exception {
        SQLiteConnection pinned = Connections.open(live, Duration.ZERO);
        Connections.run(pinned, "BEGIN DEFERRED");
        Connections.number(pinned, "SELECT value FROM counter");
        DatabaseSettings settings =
                new DatabaseSettings("live", live, Duration.ZERO, false, Map.of("value", "SELECT value FROM counter"));
        return new FrozenDatabase(settings, settings.files(), context, pinned, log);
    }

    /** A log that knows of no change between two positions. */
    private static final class KnownLog implements FrozenLog {

        static final LogPosition HERE = new LogPosition("0123456789abcdef0123456789abcdef", 5);
        static final LogPosition EARLIER = new LogPosition("0123456789abcdef0123456789abcdef", 3);
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger insufficient = new AtomicInteger();

        @Override
        public Optional<LogPosition> position() {
            return Optional.of(HERE);
        }

        @Override
        public Optional<PageChanges> changesSince(LogPosition asked) {
            return asked.equals(EARLIER) ? Optional.of(new NoChanges()) : Optional.empty();
        }

        @Override
        public void insufficient() {
            insufficient.incrementAndGet();
        }

        @Override
        public boolean isOutgrown() {
            return false;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    private record NoChanges() implements PageChanges {

        @Override
        public long size() {
            return 0;
        }

        @Override
        public int[] pages() {
            return new int[0];
        }

        @Override
        public void read(int page, byte[] into, int offset) {
            // There is none.
        }
    }

    private static Entry entryOf(FrozenView view) {
        try (EntryCursor entries = view.entries()) {
            return entries.next();
        }
    }

    private static byte[] read(EntryContent content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }
}
