package dev.cairn.backup.sqlite.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.sqlite.TestDatabase;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that SQLite wrote, and logs that were damaged: what is read is what SQLite itself recovers from them. */
class WalFramesTest {

    @TempDir
    Path folder;

    /** What is read of a log up to its last sound commit. */
    private record Read(int frames, byte[] database) {}

    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 4096, 32768, 65536})
    void aLogOfAnyPageSizeIsReadAsSqliteRecoversIt(int pageSize) throws Exception {
        Path wal = log(pageSize, 30);
        assertSameAsSqlite(wal, pageSize);
        try (WalFile file = WalFile.open(wal)) {
            assertEquals(pageSize, file.header().orElseThrow().pageSize());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aLogThatIsDamagedAnywhereIsReadUpToTheDamage(long seed) throws Exception {
        Random random = new Random(seed);
        Path wal = log(1024, 25);
        byte[] sound = Files.readAllBytes(wal);
        int all = read(wal).frames;
        for (int i = 0; i < 15; i++) {
            byte[] damaged = sound.clone();
            int at = WalHeader.BYTES + random.nextInt(sound.length - WalHeader.BYTES);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(wal, damaged);
            Read read = assertSameAsSqlite(wal, 1024);
            int frame = (at - WalHeader.BYTES) / (1024 + WalFrames.FRAME_HEADER);
            assertTrue(read.frames <= frame && frame <= all + 1, "seed " + seed + ": bit of byte " + at);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aTornTailIsLeftOut(long seed) throws Exception {
        Random random = new Random(seed);
        Path wal = log(512, 20);
        byte[] sound = Files.readAllBytes(wal);
        for (int i = 0; i < 15; i++) {
            Files.write(wal, Arrays.copyOf(sound, random.nextInt(sound.length)));
            assertSameAsSqlite(wal, 512);
        }
    }

    @Test
    void theRestOfAnOlderGenerationIsNotRead() throws Exception {
        Path database = folder.resolve("live.db");
        Path copy = folder.resolve("copy-wal");
        try (Connection connection = TestDatabase.open(database)) {
            TestDatabase.run(
                    connection,
                    "PRAGMA journal_mode=WAL",
                    "CREATE TABLE t(id INTEGER PRIMARY KEY, value BLOB)",
                    "INSERT INTO t VALUES(1, randomblob(100000))",
                    "PRAGMA wal_checkpoint(PASSIVE)",
                    "INSERT INTO t VALUES(2, 'x')");
            Files.copy(folder.resolve("live.db-wal"), copy);
        }
        try (WalFile file = WalFile.open(copy)) {
            WalHeader header = file.header().orElseThrow();
            WalPlace end = ForgedFrame.end(copy, header);
            assertTrue(end.frame() > 0 && header.bytes(end.frame()) < file.size(), "the file is longer");
            WalFrames frames = file.frames(header, header.start(), end.frame() + 1);
            for (int i = 0; i < end.frame(); i++) {
                assertTrue(frames.next());
            }
            assertThrows(BrokenLogException.class, frames::next);
            assertEquals(end, file.placeBehind(header, end.frame()));
            assertThrows(BrokenLogException.class, () -> file.placeBehind(header, end.frame() + 1));
        }
    }

    @Test
    void bothByteOrdersOfTheChecksumAreRead() throws Exception {
        Path wal = log(1024, 10);
        Read before = read(wal);
        turn(wal);
        try (WalFile file = WalFile.open(wal)) {
            assertTrue(file.header().orElseThrow().bigEndian());
        }
        Read after = assertSameAsSqlite(wal, 1024);
        assertEquals(before.frames, after.frames);
        assertArrayEquals(before.database, after.database);
    }

    /** Rewrites a log as a big-endian machine would have written it. */
    private static void turn(Path wal) throws IOException {
        byte[] bytes = Files.readAllBytes(wal);
        ByteBuffer all = ByteBuffer.wrap(bytes);
        all.putInt(0, all.getInt(0) ^ 1);
        long sum = WalChecksum.over(true, bytes, 0, 24, 0);
        all.putLong(24, sum);
        for (int at = WalHeader.BYTES; at < bytes.length; at += WalFrames.FRAME_HEADER + 1024) {
            sum = WalChecksum.over(true, bytes, at, 8, sum);
            sum = WalChecksum.over(true, bytes, at + WalFrames.FRAME_HEADER, 1024, sum);
            all.putLong(at + 16, sum);
        }
        Files.write(wal, bytes);
    }

    @Test
    void aFileThatIsNoLogHasNoHeader() throws Exception {
        Path wal = folder.resolve("x-wal");
        assertThrows(NoSuchFileException.class, () -> WalFile.open(wal));
        for (byte[] content : new byte[][] {{}, new byte[31], new byte[32], new byte[5000]}) {
            Files.write(wal, content);
            try (WalFile file = WalFile.open(wal)) {
                assertTrue(file.header().isEmpty());
            }
        }
        byte[] header = Arrays.copyOf(Files.readAllBytes(log(1024, 1)), WalHeader.BYTES);
        for (int at = 0; at < WalHeader.BYTES; at++) {
            byte[] damaged = header.clone();
            damaged[at] ^= 4;
            Files.write(wal, damaged);
            try (WalFile file = WalFile.open(wal)) {
                assertTrue(file.header().isEmpty(), "byte " + at);
            }
        }
    }

    @Test
    void whatIsLeftOfAGenerationTellsWhetherItEndedThere() throws Exception {
        Path database = folder.resolve("live.db");
        Path wal = folder.resolve("live.db-wal");
        try (Connection connection = TestDatabase.open(database);
                WalFile file = open(connection, wal)) {
            WalHeader old = file.header().orElseThrow();
            WalPlace end = ForgedFrame.end(wal, old);
            WalPlace before = file.placeBehind(old, end.frame() - 1);
            TestDatabase.run(connection, "PRAGMA wal_checkpoint(PASSIVE)", "UPDATE t SET value = 'y' WHERE id = 2");
            WalHeader next = file.header().orElseThrow();
            assertEquals(old.salt1() + 1, next.salt1());
            assertTrue(file.previousEndedAt(next, end));
            assertFalse(file.previousEndedAt(next, before), "a frame of it follows");
            assertFalse(file.previousEndedAt(next, new WalPlace(end.salt1(), end.salt2(), end.frame(), 1)));
            assertFalse(file.previousEndedAt(
                    next, new WalPlace(end.salt1() - 1, end.salt2(), end.frame(), end.checksum())));
            int begun = ForgedFrame.end(wal, next).frame();
            try (WalFile spilled = without(wal, next.bytes(begun), 3 * next.frameBytes())) {
                assertTrue(
                        spilled.previousEndedAt(next, end), "frames that were spilled and rolled back have no salts");
            }
            long lost = old.bytes(end.frame() - 3);
            try (WalFile cut = without(wal, lost, old.frameBytes())) {
                assertFalse(cut.previousEndedAt(next, end), "a frame never reached the disk");
            }
            try (WalFile cut = without(wal, lost + WalFrames.FRAME_HEADER, old.pageSize())) {
                assertFalse(cut.previousEndedAt(next, end), "a page never reached the disk");
            }
            TestDatabase.run(connection, "INSERT INTO t VALUES(9, randomblob(300000))");
            assertFalse(file.previousEndedAt(next, end), "overwritten");
        }
    }

    /** As after a power cut: something never reached the disk, although what lies behind it did. */
    private WalFile without(Path wal, long from, int length) throws IOException {
        byte[] bytes = Files.readAllBytes(wal);
        Arrays.fill(bytes, (int) from, (int) from + length, (byte) 0);
        return WalFile.open(Files.write(folder.resolve("cut-wal"), bytes));
    }

    private static WalFile open(Connection connection, Path wal) throws Exception {
        TestDatabase.run(
                connection,
                "PRAGMA journal_mode=WAL",
                "CREATE TABLE t(id INTEGER PRIMARY KEY, value BLOB)",
                "INSERT INTO t VALUES(1, randomblob(100000))",
                "INSERT INTO t VALUES(2, 'x')");
        return WalFile.open(wal);
    }

    /** A log with many commits, beside a database that is empty but for its first page: {@code base.db} and the answer. */
    private Path log(int pageSize, int commits) throws Exception {
        Path database = folder.resolve("live-" + pageSize + ".db");
        Path wal = folder.resolve("copy-" + pageSize + ".db-wal");
        try (Connection connection = TestDatabase.open(database)) {
            TestDatabase.run(connection, "PRAGMA page_size=" + pageSize, "PRAGMA journal_mode=WAL");
            TestDatabase.run(connection, "CREATE TABLE t(id INTEGER PRIMARY KEY, value BLOB)");
            TestDatabase.run(connection, "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA wal_autocheckpoint=0");
            Files.copy(database, folder.resolve("base-" + pageSize));
            for (int i = 0; i < commits; i++) {
                TestDatabase.run(
                        connection, "INSERT INTO t VALUES(" + i + ", randomblob(" + (i % 5 * pageSize / 2 + 10) + "))");
            }
            Files.copy(folder.resolve("live-" + pageSize + ".db-wal"), wal);
        }
        return wal;
    }

    private Read assertSameAsSqlite(Path wal, int pageSize) throws Exception {
        Path database = folder.resolve("recovered.db");
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            Files.deleteIfExists(folder.resolve("recovered.db" + suffix));
        }
        Files.copy(folder.resolve("base-" + pageSize), database);
        Files.copy(wal, folder.resolve("recovered.db-wal"));
        try (Connection connection = TestDatabase.open(database)) {
            assertEquals("ok", TestDatabase.one(connection, "PRAGMA integrity_check"));
        }
        Read read = read(wal);
        assertArrayEquals(Files.readAllBytes(database), read.database);
        return read;
    }

    /** Reads a log as if all of it were counted by SQLite, and keeps what lies before its last sound commit. */
    private Read read(Path wal) throws Exception {
        int frames = 0;
        Path out = folder.resolve("read.db");
        try (WalFile file = WalFile.open(wal)) {
            var header = file.header();
            int pageSize = header.map(WalHeader::pageSize).orElse(512);
            Files.deleteIfExists(out);
            Path base = folder.resolve("base-"
                    + (header.isPresent()
                            ? pageSize
                            : wal.getFileName().toString().replaceAll("\\D", "")));
            Files.copy(base, out);
            if (header.isPresent()) {
                int last = lastCommit(file, header.get());
                frames = last;
                WalFrames again = file.frames(header.get(), header.get().start(), last);
                try (RandomAccessFile database = new RandomAccessFile(out.toFile(), "rw")) {
                    byte[] page = new byte[pageSize];
                    while (again.next()) {
                        again.copyPage(page, 0);
                        database.seek((long) (again.page() - 1) * pageSize);
                        database.write(page);
                        if (again.commitSize() > 0) {
                            database.setLength(again.commitSize() * pageSize);
                        }
                    }
                }
            }
        }
        return new Read(frames, Files.readAllBytes(out));
    }

    private static int lastCommit(WalFile file, WalHeader header) throws IOException {
        int last = 0;
        WalFrames frames = file.frames(header, header.start(), Integer.MAX_VALUE);
        try {
            while (frames.next()) {
                last = frames.commitSize() > 0 ? frames.place().frame() : last;
            }
        } catch (BrokenLogException end) {
            return last;
        }
        throw new AssertionError("endless");
    }
}
