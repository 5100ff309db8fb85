package dev.cairn.backup.testkit;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One dataset of a snapshot, whole in memory. Immutable and thread-safe. */
public final class MemorySnapshot implements DatasetReader {

    private final DatasetSummary summary;
    private final List<Entry> entries;

    private MemorySnapshot(DatasetSummary summary, List<Entry> entries) {
        this.summary = summary;
        this.entries = List.copyOf(entries);
    }

    /**
     * Prepares, freezes and reads a dataset, and closes all of it.
     *
     * @throws AssertionError if the dataset says that its source is missing
     */
    public static MemorySnapshot take(Dataset dataset, RecordingCaptureContext context) {
        PreparedCapture prepared = dataset.prepare(context)
                .orElseThrow(
                        () -> new AssertionError("dataset '" + dataset.name() + "' says that its source is missing"));
        try (prepared;
                FrozenView view = prepared.freeze()) {
            return of(dataset, view);
        }
    }

    /** Reads a frozen view to its end; the view stays open. */
    public static MemorySnapshot of(Dataset dataset, FrozenView view) {
        List<Entry> entries = new ArrayList<>();
        try (EntryCursor cursor = view.entries()) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                entries.add(loaded(entry));
            }
        }
        long bytes = entries.stream().mapToLong(Entry::size).sum();
        return new MemorySnapshot(
                new DatasetSummary(
                        dataset.name(), dataset.kind(), true, entries.size(), bytes, view.identity(), view.counts()),
                entries);
    }

    /** A snapshot made by hand of entries in path order. */
    public static MemorySnapshot of(String dataset, String kind, List<Entry> entries) {
        List<Entry> loaded = entries.stream().map(MemorySnapshot::loaded).toList();
        long bytes = loaded.stream().mapToLong(Entry::size).sum();
        return new MemorySnapshot(
                new DatasetSummary(dataset, kind, true, loaded.size(), bytes, Optional.empty(), Map.of()), loaded);
    }

    /**
     * The same snapshot with one file whose content throws {@link DamagedSnapshotException} half-way, as verified content does when its
     * store has rotted.
     *
     * @throws AssertionError if it has no file of that path with content
     */
    public MemorySnapshot damagedAt(EntryPath path) {
        if (filesWithContent().stream().noneMatch(entry -> entry.path().equals(path))) {
            throw new AssertionError("no file with content at " + path);
        }
        List<Entry> damaged = entries.stream()
                .map(entry -> entry.path().equals(path) ? withContent(entry, damaged(entry)) : entry)
                .toList();
        return new MemorySnapshot(summary, damaged);
    }

    /** The files that have at least one byte, in path order. */
    public List<Entry> filesWithContent() {
        return entries.stream()
                .filter(entry -> entry.type() == EntryType.FILE && entry.size() > 0)
                .toList();
    }

    /** All entries in path order; their contents stay readable for ever. */
    public List<Entry> all() {
        return entries;
    }

    @Override
    public SnapshotMetadata snapshot() {
        return SnapshotMetadata.builder(SnapshotId.of("snap-1"), Instant.parse("2026-01-01T00:00:00Z"))
                .datasets(List.of(summary))
                .build();
    }

    @Override
    public DatasetSummary summary() {
        return summary;
    }

    @Override
    public EntryCursor entries() {
        return EntryCursor.of(entries);
    }

    private EntryContent damaged(Entry entry) {
        int half = (int) (entry.size() / 2);
        return () -> new PieceStream(bytes(entry), Math.max(1, half), left -> {
            if (left < entry.size() - half || half == 0) {
                throw new DamagedSnapshotException(
                        SnapshotId.of("snap-1"),
                        entry.path().value(),
                        "does not match its checksum (a test wanted it)",
                        null);
            }
        });
    }

    private static Entry loaded(Entry entry) {
        if (entry.type() != EntryType.FILE) {
            return entry;
        }
        byte[] bytes = bytes(entry);
        return Entry.file(entry.path(), bytes.length, entry.attributes(), () -> new ByteArrayInputStream(bytes));
    }

    private static Entry withContent(Entry entry, EntryContent content) {
        return Entry.file(entry.path(), entry.size(), entry.attributes(), content);
    }

    private static byte[] bytes(Entry entry) {
        try (InputStream in = entry.content().open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("content of " + entry.path(), e);
        }
    }
}
