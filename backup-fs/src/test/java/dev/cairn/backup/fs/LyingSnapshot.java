package dev.cairn.backup.fs;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.testkit.MemorySnapshot;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A snapshot whose entries are handed out as they were given, whatever they hold. */
record LyingSnapshot(MemorySnapshot real, List<Entry> lies) implements DatasetReader {

    static LyingSnapshot of(Entry... entries) {
        Entry root = Entry.directory(EntryPath.ROOT, EntryAttributes.NONE);
        return new LyingSnapshot(
                MemorySnapshot.of("files", "files", List.of(root)),
                Stream.concat(Stream.of(root), Stream.of(entries)).toList());
    }

    @Override
    public SnapshotMetadata snapshot() {
        return real.snapshot();
    }

    @Override
    public DatasetSummary summary() {
        return real.summary();
    }

    @Override
    public EntryCursor entries() {
        Iterator<Entry> left = lies.iterator();
        return new EntryCursor() {
            @Override
            public @Nullable Entry next() {
                return left.hasNext() ? left.next() : null;
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }
}
