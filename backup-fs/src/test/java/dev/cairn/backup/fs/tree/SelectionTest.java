package dev.cairn.backup.fs.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.spi.EntryPath;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SelectionTest {

    /** Takes everything, as {@code ALL} does, but goes by paths. */
    private static final Selection BY_PATH = Selection.ALL.including("**");

    @Property
    void aNameTellsTheSameAsItsPath(@ForAll("names") String name) {
        List<String> path = List.of("folder", name);
        assertEquals(BY_PATH.selects(path), Selection.selectsName(name), () -> name);
        assertEquals(BY_PATH.leadsThrough(path), Selection.leadsThroughName(name), () -> name);
        assertEquals(BY_PATH.selects(path), Selection.ALL.selects(EntryPath.of("folder/" + name)), () -> name);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(
                        ".cairn",
                        "-",
                        "memory",
                        "-before",
                        "-corrupt",
                        "-20260215-142345",
                        ".db",
                        ".txt",
                        "-wal",
                        "-shm",
                        "-journal",
                        "-2")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> String.join("", parts));
    }
}
