package dev.cairn.backup.sqlite.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.ContentSink;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a snapshot's database gets into its staging folder, whatever way a repository hands it out. */
class StagingTest {

    @TempDir
    Path folder;

    private Path staged;
    private byte[] database;
    private final CancellationToken cancellation = new CancellationToken();

    @BeforeEach
    void makeADatabase() throws Exception {
        Path file = folder.resolve("source.db");
        TestDatabase.run(
                file,
                "CREATE TABLE ballast(id INTEGER PRIMARY KEY, filler BLOB)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                        + " INSERT INTO ballast SELECT i, randomblob(900) FROM n");
        database = Files.readAllBytes(file);
        staged = folder.resolve("stage").resolve("memory.db");
    }

    /** Some bytes of the database, at a place of it. */
    private record Piece(int begin, int end) {}

    /** The pieces of one content, however they come. */
    private interface Handing {
        void out(List<Piece> pieces, ContentSink sink) throws IOException;
    }

    private List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        Random random = new Random(3);
        for (int at = 0; at < database.length; ) {
            int end = Math.min(database.length, at + 1 + random.nextInt(700_000));
            pieces.add(new Piece(at, end));
            at = end;
        }
        Collections.shuffle(pieces, random);
        return pieces;
    }

    private void give(Piece piece, ContentSink sink) throws IOException {
        sink.accept(0, piece.begin(), database, piece.begin(), piece.end() - piece.begin());
    }

    private void stage(Handing handing) throws IOException {
        Entry entry = Entry.file(
                EntryPath.of("memory.db"),
                database.length,
                EntryAttributes.of(null, 0640),
                () -> new ByteArrayInputStream(database));
        MemorySnapshot snapshot = MemorySnapshot.of("memory", "sqlite", List.of(entry));
        DatasetReader reader = new DatasetReader() {
            @Override
            public SnapshotMetadata snapshot() {
                return snapshot.snapshot();
            }

            @Override
            public DatasetSummary summary() {
                return snapshot.summary();
            }

            @Override
            public EntryCursor entries() {
                return snapshot.entries();
            }

            @Override
            public void contents(List<Entry> files, ContentSink sink, CancellationToken token) throws IOException {
                assertEquals(List.of(entry), files);
                handing.out(pieces(), sink);
            }
        };
        new Staging(snapshot.snapshot().id(), true, cancellation).write(reader, entry, staged);
    }

    @Test
    void piecesInAnyOrderFromSeveralThreadsMakeUpTheFile() throws Exception {
        stage((pieces, sink) -> {
            List<Thread> threads = new ArrayList<>();
            AtomicReference<IOException> failed = new AtomicReference<>();
            for (int i = 0; i < 3; i++) {
                int mine = i;
                Thread thread = new Thread(() -> {
                    try {
                        for (int piece = mine; piece < pieces.size(); piece += 3) {
                            give(pieces.get(piece), sink);
                        }
                    } catch (IOException e) {
                        failed.set(e);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            threads.forEach(StagingTest::join);
            assertEquals(null, failed.get());
        });
        assertArrayEquals(database, Files.readAllBytes(staged));
    }

    @Test
    void aPieceThatNeverCameIsDamage() {
        assertDamaged("bytes of content instead of", (pieces, sink) -> {
            for (Piece piece : pieces.subList(1, pieces.size())) {
                give(piece, sink);
            }
        });
    }

    @Test
    void aPieceThatCameTwiceIsDamage() {
        assertDamaged("two contents", (pieces, sink) -> {
            for (Piece piece : pieces) {
                give(piece, sink);
            }
            give(pieces.get(pieces.size() / 2), sink);
        });
    }

    @Test
    void piecesThatOverlapAreDamage() {
        assertDamaged("two contents", (pieces, sink) -> {
            give(new Piece(0, 5000), sink);
            give(new Piece(4999, 6000), sink);
        });
        assertDamaged("two contents", (pieces, sink) -> {
            give(new Piece(4999, 6000), sink);
            give(new Piece(0, 5000), sink);
        });
    }

    @Test
    void aPieceBeyondTheEndIsDamage() {
        assertDamaged("and only", (pieces, sink) -> sink.accept(0, database.length - 1L, database, 0, 2));
    }

    @Test
    void bytesThatAreNoSoundDatabaseAreDamage() {
        java.util.Arrays.fill(database, 4096, 12288, (byte) 7);
        assertDamaged("not a sound SQLite database", (pieces, sink) -> {
            for (Piece piece : pieces) {
                give(piece, sink);
            }
        });
    }

    private void assertDamaged(String problem, Handing handing) {
        DamagedSnapshotException damaged = assertThrows(DamagedSnapshotException.class, () -> stage(handing));
        assertTrue(damaged.getMessage().contains(problem), damaged.getMessage());
        staged = folder.resolve("stage").resolve("again.db");
    }

    @Test
    void aTokenEndsTheStaging() {
        assertThrows(
                BackupCancelledException.class,
                () -> stage((pieces, sink) -> {
                    give(pieces.get(0), sink);
                    cancellation.cancel();
                    give(pieces.get(1), sink);
                }));
    }

    /** Wherever it is noticed, at the latest by the check that follows. */
    @Test
    void anInterruptEndsTheStagingAndKeepsTheFlag() {
        Thread caller = Thread.currentThread();
        assertThrows(
                BackupCancelledException.class,
                () -> stage((pieces, sink) -> {
                    for (Piece piece : pieces) {
                        give(piece, sink);
                    }
                    caller.interrupt();
                }));
        assertTrue(Thread.interrupted());
    }

    @Test
    void aRestoreThatWasInterruptedLeavesNothingBehind() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 2);
        MemorySnapshot snapshot = Restores.snapshotOf(folder.resolve("source.db"));
        Thread.currentThread().interrupt();
        assertThrows(
                BackupCancelledException.class,
                () -> DatabaseRestore.stage(Restores.settings(live), snapshot, MapStageContext.create("restore-1")));
        assertTrue(Thread.interrupted());
        assertFalse(Restores.names(folder).stream().anyMatch(name -> name.startsWith(".cairn")));
        assertEquals(2, TestDatabase.counterOf(live));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
