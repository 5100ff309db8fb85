package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that SQLite takes for no database: an encrypted one is noise in whole pages. */
@Timeout(600)
class UnreadableDatabaseTest {

    @TempDir
    Path folder;

    @Test
    void noiseInWholePagesMayBeAnEncryptedDatabase() throws Exception {
        Path live = noise("secret.db", 8192);
        String message = refusal(live).getMessage();
        assertTrue(message.contains("8192 bytes, is one that an encrypted database may have"), message);
        assertTrue(message.contains("no key here"), message);
        assertEquals(Set.of("secret.db"), names(live.getParent()), "nothing was made beside it");
    }

    @Test
    void noiseOfAnotherSizeIsNoWholeDatabase() throws Exception {
        String message = refusal(noise("photo.db", 5000)).getMessage();
        assertTrue(message.contains("5000 bytes, is not a multiple of 512"), message);
    }

    @Test
    void theLogBesideSuchAFileIsNeitherBroughtInNorDeleted() throws Exception {
        Path model = folder.resolve("model.db");
        TestDatabase.counter(model, "wal", 1);
        Path live = noise("secret.db", 8192);
        byte[] before = Files.readAllBytes(live);
        byte[] log;
        try (Connection host = TestDatabase.open(model)) {
            TestDatabase.run(host, "UPDATE counter SET value = 2");
            log = Files.readAllBytes(folder.resolve("model.db-wal"));
        }
        assertTrue(log.length > 32, "with a frame, of another page than the first");
        Path wal = Files.write(live.resolveSibling("secret.db-wal"), log);
        refusal(live);
        assertArrayEquals(before, Files.readAllBytes(live));
        assertArrayEquals(log, Files.readAllBytes(wal));
    }

    @Test
    void aDatabaseWhoseFirstPageOnlyItsLogHoldsIsCaptured() throws Exception {
        Path model = folder.resolve("model.db");
        TestDatabase.counter(model, "wal", 1);
        Path live = Files.createDirectory(folder.resolve("live")).resolve("memory.db");
        try (Connection host = TestDatabase.open(model)) {
            TestDatabase.run(host, "CREATE TABLE another(x)"); // a new schema cookie, so page 1 is in the log
            Files.copy(folder.resolve("model.db-wal"), live.resolveSibling("memory.db-wal"));
        }
        Files.copy(model, live);
        try (var main = Files.newByteChannel(live, StandardOpenOption.WRITE)) {
            main.write(java.nio.ByteBuffer.allocate(100));
        }
        SqliteDataset dataset = SqliteDataset.of("memory", live);
        MemorySnapshot snapshot = MemorySnapshot.take(dataset, context());
        Path copy = folder.resolve("copy.db");
        try (var in = snapshot.all().get(0).content().open()) {
            Files.copy(in, copy);
        }
        assertEquals(1, TestDatabase.counterOf(copy));
    }

    @Test
    void looksAtADatabaseThatTheHostHasOpenDoNotAddUpAndEndWithIt() throws Exception {
        assumeTrue(OpenFiles.supported(), "descriptors are shown");
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        long self = ProcessHandle.current().pid();
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.one(host, "SELECT value FROM counter");
            for (int i = 0; i < 20; i++) {
                SqliteDataset.of("memory", live)
                        .prepare(context())
                        .orElseThrow()
                        .close();
            }
            // SQLite keeps what it may not close yet, one of each kind, and opens it again from there.
            int held = OpenFiles.holdersOf(live).getOrDefault(self, 0);
            assertTrue(held <= 3, held + " descriptors");
        }
        assertEquals(0, OpenFiles.holdersOf(live).getOrDefault(self, 0));
    }

    @Test
    void anEmptyFileIsAnEmptyDatabase() throws Exception {
        try (PreparedCapture prepared = SqliteDataset.of("empty", noise("empty.db", 0))
                .prepare(context())
                .orElseThrow()) {
            prepared.freeze().close();
        }
    }

    private SourceException refusal(Path live) {
        return assertThrows(
                SourceException.class, () -> SqliteDataset.of("secret", live).prepare(context()));
    }

    private RecordingCaptureContext context() {
        return RecordingCaptureContext.in(folder.resolve("scratch"));
    }

    private Path noise(String name, int size) throws Exception {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return Files.write(Files.createDirectories(folder.resolve("noise")).resolve(name), bytes);
    }

    private static Set<String> names(Path folder) throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return new TreeSet<>(all.map(path -> path.getFileName().toString()).toList());
        }
    }
}
