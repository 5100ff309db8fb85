package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.sqlite.TestDatabase;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A path may hold whatever the file system allows; SQLite and the driver must take it for that file and no other. */
class OddNamesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space.db",
                "question?mode=memory.db",
                "percent%20%00%zz.db",
                "hash#fragment.db",
                "amp&cache=shared.db",
                "semi;colon'quote\"s.db",
                "plus+equals=.db",
                "ünïcödé-数据-🙂.db",
                "file:memory.db",
                "no-extension",
                ".hidden"
            })
    void anOddNameIsCapturedAndRestored(String name) throws Exception {
        assumeTrue(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"))
                .newEncoder()
                .canEncode(name));
        Path odd = Files.createDirectories(folder.resolve("d?r %41#")).resolve(name);
        TestDatabase.counter(odd, "wal", 1);
        assertTrue(Files.size(odd) > 0, "the test itself wrote to that very file");
        SqliteDataset dataset = SqliteDataset.of("odd", odd);
        MemorySnapshot snapshot =
                MemorySnapshot.take(dataset, RecordingCaptureContext.in(folder.resolve("scratch ?#%")));
        assertEquals(name, snapshot.all().get(0).path().value());
        TestDatabase.run(odd, "UPDATE counter SET value = 2");
        var staged = dataset.stage(snapshot, MapStageContext.create("restore-1"));
        staged.swap();
        staged.finish();
        assertEquals(1, TestDatabase.counterOf(odd));
        try (Stream<Path> all = Files.list(odd.getParent())) {
            assertEquals(2, all.count(), "the database and the old one, nothing under another name");
        }
    }

    @Test
    void namesThatCannotBeDatasetsAreRefused() {
        for (String name : new String[] {"", ".x", "a b", "a/b", "x".repeat(65)}) {
            assertThrows(InvalidValueException.class, () -> SqliteDataset.of(name, folder.resolve("x.db")));
        }
        assertThrows(InvalidValueException.class, () -> SqliteDataset.of("x", Path.of("/")));
    }
}
