package dev.cairn.backup.testkit.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of single calls, on a disk that nobody records; and states that several threads check. */
class UnrecordedTest {

    @TempDir
    Path temp;

    @Test
    void whatIsWrittenIsThereAndNothingIsRecorded() throws IOException {
        CrashFileSystem disk = CrashFileSystem.unrecorded(temp.resolve("real"));
        Path folder = Files.createDirectory(disk.root().resolve("folder"));
        Files.writeString(folder.resolve("file"), "text");
        Files.move(folder.resolve("file"), disk.root().resolve("moved"));
        Files.delete(folder);
        assertEquals("text", Files.readString(temp.resolve("real/moved")));
        assertEquals(0, disk.points());
        assertThrows(
                IllegalStateException.class,
                () -> disk.forEachState(temp.resolve("states"), CrashSampling.random(1, 1), state -> {}));
    }

    @Test
    void oneCallFailsInItsWayAndTheNextDoesNot() throws IOException {
        CrashFileSystem disk = CrashFileSystem.unrecorded(temp.resolve("real"));
        Path file = Files.writeString(disk.root().resolve("file"), "text");
        assertEquals(
                "No space left on device", reasonOf(disk.failCallAt(1, FaultKind.FULL), FileSystemException.class));
        assertEquals("Input/output error", reasonOf(disk.failCallAt(1, FaultKind.IO), FileSystemException.class));
        reasonOf(disk.failCallAt(1, FaultKind.DENIED), AccessDeniedException.class);
        disk.failCallAt(1, FaultKind.INTERRUPTED);
        assertThrows(ClosedByInterruptException.class, () -> Files.size(file));
        assertEquals(4, Files.size(file));
    }

    private String reasonOf(CrashFileSystem disk, Class<? extends FileSystemException> kind) throws IOException {
        Path file = disk.root().resolve("file");
        FileSystemException failure = assertThrows(kind, () -> Files.readAllBytes(file));
        assertEquals("text", Files.readString(file));
        return String.valueOf(failure.getReason());
    }

    @Test
    void allCallsFailFromOneOnUntilTheDiskIsHealed() throws IOException {
        CrashFileSystem disk = CrashFileSystem.unrecorded(temp.resolve("real"));
        Path file = Files.writeString(disk.root().resolve("file"), "text");
        disk.failCallsFrom(2, FaultKind.IO);
        assertEquals(4, Files.size(file));
        assertThrows(FileSystemException.class, () -> Files.size(file));
        assertThrows(FileSystemException.class, () -> Files.writeString(file, "other"));
        assertEquals("text", Files.readString(disk.heal().root().resolve("file")));
    }

    @Test
    void whatIsLeftOpenIsCounted() throws IOException {
        CrashFileSystem disk = CrashFileSystem.unrecorded(temp.resolve("real"));
        Path file = Files.writeString(disk.root().resolve("file"), "text");
        try (InputStream in = Files.newInputStream(file)) {
            assertEquals('t', in.read());
            assertEquals(1, disk.openHandles());
        }
        assertEquals(0, disk.openHandles());
    }

    @Test
    void severalThreadsCheckTheStatesThatOneDoes() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        for (int i = 0; i < 5; i++) {
            Files.writeString(disk.root().resolve("file-" + i), "text " + i);
        }
        Set<String> alone = ConcurrentHashMap.newKeySet();
        Set<String> together = ConcurrentHashMap.newKeySet();
        CrashSampling sampling = CrashSampling.random(7, 3);
        int states = disk.forEachState(
                temp.resolve("alone"), sampling, state -> alone.add(state.point() + state.description()));
        assertEquals(
                states,
                disk.forEachState(
                        temp.resolve("together"),
                        sampling,
                        3,
                        state -> together.add(state.point() + state.description())));
        assertEquals(alone, together);
        assertTrue(states > 20);
    }

    @Test
    void aCheckThatFailsInAnyThreadIsTold() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(temp.resolve("real"));
        Files.writeString(disk.root().resolve("file"), "text");
        AssertionError wrong = assertThrows(
                AssertionError.class,
                () -> disk.forEachState(temp.resolve("states"), CrashSampling.random(7, 3), 2, state -> {
                    throw new IOException("wrong " + state.point());
                }));
        assertTrue(wrong.getMessage().startsWith("After a power cut at point "), wrong.getMessage());
    }
}
