package dev.cairn.backup.fs.durable;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.FaultKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is there, what is not, and what cannot be told. */
class PresenceTest {

    @TempDir
    Path temp;

    @Test
    void whatIsThereIsToldApartFromWhatIsNot() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "text");
        Path dangling = Files.createSymbolicLink(temp.resolve("dangling"), Path.of("nothing"));
        Path toFolder = Files.createSymbolicLink(temp.resolve("toFolder"), temp);
        assertTrue(DurableFiles.exists(file));
        assertTrue(DurableFiles.exists(dangling));
        assertFalse(DurableFiles.exists(temp.resolve("none/none")));
        assertTrue(DurableFiles.isDirectory(temp));
        assertFalse(DurableFiles.isDirectory(file));
        assertFalse(DurableFiles.isDirectory(toFolder));
        assertFalse(DurableFiles.isDirectory(temp.resolve("none")));
    }

    @ParameterizedTest
    @EnumSource
    void aDiskThatCannotBeReadIsNoAnswer(FaultKind kind) throws IOException {
        CrashFileSystem disk = CrashFileSystem.unrecorded(temp.resolve("real"));
        Path folder = Files.createDirectory(disk.root().resolve("folder"));
        disk.failCallAt(1, kind);
        assertThrows(IOException.class, () -> DurableFiles.exists(folder));
        disk.failCallAt(1, kind);
        assertThrows(IOException.class, () -> DurableFiles.isDirectory(folder));
        assertTrue(DurableFiles.isDirectory(folder));
    }
}
