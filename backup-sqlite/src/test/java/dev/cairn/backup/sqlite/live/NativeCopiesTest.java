package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.sqlite.TestDatabase;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class NativeCopiesTest {

    private static final String OURS =
            "7fbe8d400000-7fbe8d507000 r-xp 00000000 fe:00 9980457                    /tmp/sqlite-3.54.1.0-ed85-libsqlitejdbc.so";

    @TempDir
    Path folder;

    @Test
    void oneCopyInSeveralPartsIsOne() {
        assertEquals(
                1,
                NativeCopies.among(
                                List.of(
                                        OURS,
                                        "7fbe8d507000-7fbe8d706000 ---p 00107000 fe:00 9980457  /tmp/sqlite-3.54.1.0-ed85-libsqlitejdbc.so",
                                        "7fbe8d706000-7fbe8d70e000 r-xp 00106000 fe:00 9980457  /tmp/sqlite-3.54.1.0-ed85-libsqlitejdbc.so"))
                        .size());
    }

    @Test
    void databasesAndFoldersOfThatNameAreNoCopies() {
        assertEquals(
                1,
                NativeCopies.among(List.of(
                                OURS,
                                "7fbeb4f0a000-7fbeb4f12000 rw-s 00000000 fe:00 10216731  /srv/app.sqlite-shm",
                                "7fbeb4f1a000-7fbeb4f22000 r--s 00000000 fe:00 10216732  /srv/app.sqlite",
                                "7fbeb5000000-7fbeb5100000 r-xp 00000000 fe:00 33  /opt/sqlite/lib/libother.so",
                                "7fbeb6000000-7fbeb6100000 r--p 00000000 fe:00 34  /opt/sqlite-jdbc-3.54.1.0.jar",
                                "7fbeb7000000-7fbeb7100000 rwxp 00000000 00:00 0 "))
                        .size());
    }

    @Test
    void copiesOfAnyOriginCount() {
        assertEquals(
                Set.of(
                        "/tmp/sqlite-3.54.1.0-ed85-libsqlitejdbc.so (inode 9980457)",
                        "/tmp/sqlite-3.54.1.0-ed85-libsqlitejdbc.so (deleted) (inode 9980001)",
                        "/usr/lib/x86_64-linux-gnu/libsqlite3.so.0.8.6 (inode 77)",
                        "/opt/my app/libsqlcipher.so (inode 78)"),
                NativeCopies.among(List.of(
                        OURS,
                        "7fbe8d400000-7fbe8d507000 r-xp 00000000 fe:00 9980001 /tmp/sqlite-3.54.1.0-ed85-libsqlitejdbc.so (deleted)",
                        "7fbe00000000-7fbe00100000 r-xp 00012000 fe:00 77   /usr/lib/x86_64-linux-gnu/libsqlite3.so.0.8.6",
                        "7fbe10000000-7fbe10100000 r-xp 00012000 fe:00 78   /opt/my app/libsqlcipher.so")));
    }

    @Test
    void theSystemsOwnSqliteIsAWarningAndASecondDriverARefusal() {
        DatabaseSettings memory =
                new DatabaseSettings("memory", folder.resolve("memory.db"), Duration.ZERO, false, Map.of());
        SortedSet<String> withNss = NativeCopies.among(
                List.of(OURS, "7fbe00000000-7fbe00100000 r-xp 00012000 fe:00 77 /usr/lib/libsqlite3.so.0.8.6"));
        List<String> warnings = new ArrayList<>();

        assertFalse(NativeCopies.isSingle(withNss, memory, warnings::add));
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("/usr/lib/libsqlite3.so.0.8.6"), warnings.get(0));

        SortedSet<String> twoDrivers = NativeCopies.among(
                List.of(OURS, OURS.replace("9980457", "9980458").replace("ed85", "ff00")));
        assertThrows(SourceException.class, () -> NativeCopies.isSingle(twoDrivers, memory, warnings::add));
        assertTrue(NativeCopies.isSingle(NativeCopies.among(List.of(OURS)), memory, warnings::add));
        assertEquals(1, warnings.size());
    }

    @Test
    void theSizeOfTheLibrariesIsFoundInTheStatus() {
        assertEquals(
                Optional.of("VmLib:\t   18372 kB"),
                NativeCopies.sizeOfLibraries(List.of("Name:\tjava", "VmExe:\t       4 kB", "VmLib:\t   18372 kB")));
        assertEquals(Optional.empty(), NativeCopies.sizeOfLibraries(List.of("Name:\tjava")));
    }

    @Test
    void aSecondDriverThatIsReallyLoadedIsRefusedBeforeTheDatabaseIsOpened() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/maps")), "Linux");
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        List<String> answers = SecondDriver.run(live, "first");
        assertEquals(1, answers.size(), answers.toString());
        assertRefused(answers.get(0));
        try (Stream<Path> all = Files.list(folder)) {
            assertEquals(List.of(live), all.toList(), "no log, no index: nobody opened it");
        }
    }

    @Test
    void aSecondDriverThatComesAfterAGoodSnapshotIsRefusedAtTheNextOne() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/maps")), "Linux");
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1);
        List<String> answers = SecondDriver.run(live, "later");
        assertEquals("prepared", answers.get(0));
        assertEquals("prepared", answers.get(1), "as long as it is not used, it is no danger");
        assertRefused(answers.get(2));
        assertEquals(3, answers.size());
    }

    @Test
    void whereLibrariesCannotBeListedClassLoadersAreCounted() throws Exception {
        assumeTrue(File.separatorChar == '/', "Windows ties locks to handles");
        assertEquals(List.of("1", "2"), SecondDriver.run(folder.resolve("memory.db"), "count"));
    }

    private static void assertRefused(String answer) {
        assertTrue(answer.contains("more than one copy of the native SQLite library"), answer);
        assertEquals(2, answer.split("libsqlitejdbc\\.so \\(inode", -1).length - 1, answer);
        assertTrue(answer.contains("class loader " + SecondDriver.NAME), answer);
        assertTrue(answer.contains("Load sqlite-jdbc once"), answer);
    }
}
