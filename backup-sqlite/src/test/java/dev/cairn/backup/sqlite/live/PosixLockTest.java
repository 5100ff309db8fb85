package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.sqlite.restore.HostProcess;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that we do to a database takes away a lock that a connection of this process, or of another, holds on it. */
@Timeout(600)
class PosixLockTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"wal", "delete"})
    void theHostsOwnLocksSurviveEverythingThatWeDo(String journal) throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), journal, 1);
        SqliteDataset dataset = SqliteDataset.of("memory", live).busyTimeout(Duration.ofMillis(20));
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "BEGIN IMMEDIATE", "UPDATE counter SET value = 2");
            RecordingCaptureContext context = RecordingCaptureContext.in(folder.resolve("scratch"));
            MemorySnapshot snapshot;
            try (PreparedCapture prepared = dataset.prepare(context).orElseThrow();
                    FrozenView view = prepared.freeze()) {
                snapshot = MemorySnapshot.of(dataset, view);
            }
            assertEquals("locked", HostProcess.tryToWrite(live), "after a capture");
            dataset.location();
            dataset.compare(snapshot);
            var staged = dataset.stage(snapshot, MapStageContext.create("restore-1"));
            assertEquals("locked", HostProcess.tryToWrite(live), "after staging");
            assertThrows(DatasetInUseException.class, staged::swap);
            assertEquals("locked", HostProcess.tryToWrite(live), "after a swap that was refused");
            staged.rollback();
            assertEquals("locked", HostProcess.tryToWrite(live), "after a rollback");
            TestDatabase.run(host, "COMMIT");
        }
        assertEquals(2, TestDatabase.counterOf(live));
        assertEquals("written", HostProcess.tryToWrite(live));
    }

    @Test
    void theTrapIsReal() throws Exception {
        assumeTrue(File.separatorChar == '/', "POSIX locks");
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "delete", 1);
        try (Connection host = TestDatabase.open(live)) {
            TestDatabase.run(host, "BEGIN IMMEDIATE");
            assertEquals("locked", HostProcess.tryToWrite(live));
            Files.newInputStream(live).close();
            assertEquals(
                    "written", HostProcess.tryToWrite(live), "one stream on the main file and the host's lock is gone");
        }
    }

    @Test
    void aWriterInAnotherProcessCommitsWhatItBegan() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        SqliteDataset dataset = SqliteDataset.of("memory", live);
        try (HostProcess writer = HostProcess.startReady("write", live.toString())) {
            MemorySnapshot snapshot =
                    MemorySnapshot.take(dataset, RecordingCaptureContext.in(folder.resolve("scratch")));
            try (Connection second = TestDatabase.open(live)) {
                TestDatabase.run(second, "PRAGMA busy_timeout=0");
                assertThrows(
                        SQLException.class, () -> TestDatabase.run(second, "BEGIN IMMEDIATE"), "it still has its lock");
            }
            writer.commit();
            Path copy = folder.resolve("copy.db");
            try (var in = snapshot.all().get(0).content().open()) {
                Files.copy(in, copy);
            }
            assertEquals(1, TestDatabase.counterOf(copy), "not committed at the freeze");
        }
        assertEquals(2, TestDatabase.counterOf(live));
    }
}
