package dev.cairn.backup.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every reader can do, by the defaults of its interface. */
class DatasetReaderTest {

    private static Entry file(String path, int size) {
        return Entry.file(
                EntryPath.of(path), size, EntryAttributes.NONE, () -> new ByteArrayInputStream(new byte[size]));
    }

    private static final List<Entry> ALL = Stream.of(
                    Entry.directory(EntryPath.ROOT, EntryAttributes.NONE),
                    file("a", 3),
                    Entry.directory(EntryPath.of("b"), EntryAttributes.NONE),
                    file("b/x", 200_000),
                    file("b/y/z", 0),
                    file("b-sibling", 5),
                    file("c", 1))
            .sorted((one, two) -> one.path().compareTo(two.path()))
            .toList();

    private final DatasetReader reader = new DatasetReader() {
        @Override
        public SnapshotMetadata snapshot() {
            return SnapshotMetadata.builder(SnapshotId.of("snap-1"), Instant.EPOCH)
                    .build();
        }

        @Override
        public DatasetSummary summary() {
            return new DatasetSummary("d", "k", true, ALL.size(), 0, java.util.Optional.empty(), Map.of());
        }

        @Override
        public EntryCursor entries() {
            return EntryCursor.of(ALL);
        }
    };

    private List<String> below(String top) {
        List<String> found = new ArrayList<>();
        try (EntryCursor cursor = reader.entries(EntryPath.of(top))) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                found.add(entry.path().value());
            }
        }
        return found;
    }

    @Test
    void aPathYieldsItselfAndWhatIsBelowIt() {
        assertEquals(List.of("b", "b/x", "b/y/z"), below("b"));
        assertEquals(List.of("a"), below("a"));
        assertEquals(List.of(), below("b/never"));
        assertEquals(ALL.size(), below("").size());
    }

    @Test
    void contentsAreHandedOutWhole() throws IOException {
        List<Entry> files = List.of(file("b/x", 200_000), file("b/y/z", 0), file("c", 1));
        long[] got = new long[files.size()];
        reader.contents(
                files,
                (file, position, bytes, offset, length) -> {
                    assertEquals(got[file], position);
                    got[file] += length;
                },
                new CancellationToken());
        assertEquals(List.of(200_000L, 0L, 1L), List.of(got[0], got[1], got[2]));
    }

    @Test
    void handingOutEndsWhenItIsCancelledOrTheSinkFails() {
        CancellationToken token = new CancellationToken();
        token.cancel();
        assertThrows(
                BackupCancelledException.class,
                () -> reader.contents(List.of(file("c", 1)), (file, position, bytes, offset, length) -> {}, token));
        IOException full = new IOException("full");
        assertEquals(
                full,
                assertThrows(
                        IOException.class,
                        () -> reader.contents(
                                List.of(file("c", 1)),
                                (file, position, bytes, offset, length) -> {
                                    throw full;
                                },
                                new CancellationToken())));
    }
}
