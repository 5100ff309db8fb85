package dev.cairn.backup.core.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.EntryPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MergeJoinTest {

    @Property(tries = 500)
    void findsWhatAMapWouldFind(@ForAll("trees") List<ListedEntry> before, @ForAll("trees") List<ListedEntry> now) {
        Map<EntryPath, ListedEntry> map =
                before.stream().collect(Collectors.toMap(ListedEntry::path, Function.identity()));
        MemoryChunks chunks = new MemoryChunks();
        MergeJoin join = new MergeJoin(
                before.isEmpty() ? null : chunks.reader(chunks.write(before)).all());
        // The walk has every other entry of the parent, and its own.
        List<ListedEntry> walk = new ArrayList<>(now);
        for (int i = 0; i < before.size(); i += 2) {
            walk.add(before.get(i));
        }
        for (ListedEntry entry : Listed.sorted(walk)) {
            assertEquals(map.get(entry.path()), join.at(entry.path()));
        }
    }

    @Test
    void readsTheParentNoFurtherThanAsked() {
        List<ListedEntry> files = Listed.files(20_000);
        MemoryChunks chunks = new MemoryChunks();
        MergeJoin join = new MergeJoin(chunks.reader(chunks.write(files)).all());

        assertNull(join.at(EntryPath.of("a")));
        assertEquals(files.get(0), join.at(files.get(0).path()));
        assertEquals(2, chunks.read.size());
    }

    @Test
    void refusesPathsThatDoNotRise() {
        MergeJoin join = new MergeJoin(null);
        assertNull(join.at(EntryPath.of("b")));
        assertThrows(InvalidValueException.class, () -> join.at(EntryPath.of("b")));
        assertThrows(InvalidValueException.class, () -> join.at(EntryPath.of("a")));
        assertNull(join.at(EntryPath.of("b/a")));
    }

    @Provide
    Arbitrary<List<ListedEntry>> trees() {
        return Listed.trees();
    }
}
