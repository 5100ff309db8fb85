package dev.cairn.backup.core.packed;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.SampleDataset;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A tree of files in memory that changes between snapshots, with the identities that a file system would give, and that remembers which were opened. */
public final class Tree {

    /** The dataset's name. */
    public static final String NAME = "tree-dataset";

    /** When every snapshot is taken. */
    public static final Instant CUT = Instant.parse("2026-01-02T03:04:05Z");

    private final Map<EntryPath, File> files = new TreeMap<>();
    private final List<String> opened = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Runnable> onOpen = new HashMap<>();
    private long clock;

    private record File(byte[] bytes, Optional<EntryAttributes.Identity> identity, Instant modified, int pageSize) {}

    /** Bytes that nobody compresses, the same for the same seed. */
    public static byte[] noise(long seed, int length) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    public Tree put(String path, String text) {
        return put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    public Tree put(String path, byte[] bytes) {
        Instant changed = CUT.minusSeconds(1_000_000).plusNanos(clock++);
        files.put(
                EntryPath.of(path),
                new File(bytes, Optional.of(new EntryAttributes.Identity(changed, "key-" + path)), changed, 0));
        return this;
    }

    public Tree paged(String path, byte[] bytes, int pageSize) {
        files.put(EntryPath.of(path), new File(bytes.clone(), Optional.empty(), CUT, pageSize));
        return this;
    }

    public Tree remove(String path) {
        files.remove(EntryPath.of(path));
        return this;
    }

    public Tree touchedAt(String path, Instant changed) {
        files.computeIfPresent(
                EntryPath.of(path),
                (at, file) ->
                        new File(file.bytes(), Optional.of(new EntryAttributes.Identity(changed, "key")), changed, 0));
        return this;
    }

    public Tree withoutIdentity(String path) {
        files.computeIfPresent(
                EntryPath.of(path), (at, file) -> new File(file.bytes(), Optional.empty(), file.modified(), 0));
        return this;
    }

    public Tree onOpen(String path, Runnable action) {
        onOpen.put(path, action);
        return this;
    }

    public Tree forgetOpened() {
        opened.clear();
        return this;
    }

    /** The files that snapshots have opened, sorted. */
    public List<String> opened() {
        return opened.stream().sorted().toList();
    }

    public long bytes() {
        return files.values().stream().mapToLong(file -> file.bytes().length).sum();
    }

    /** Every content, as one character a byte. */
    public Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        files.forEach(
                (path, file) -> contents.put(path.value(), new String(file.bytes(), StandardCharsets.ISO_8859_1)));
        return contents;
    }

    public SnapshotMetadata snapshot(SnapshotRepository repository, String id, @Nullable String parent) {
        return snapshot(repository, id, parent, new CancellationToken());
    }

    public SnapshotMetadata snapshot(
            SnapshotRepository repository, String id, @Nullable String parent, CancellationToken token) {
        try (SnapshotWriter writer = repository.begin(sequence -> SnapshotId.of(id))) {
            return commit(writer, Optional.ofNullable(parent).map(SnapshotId::of), token);
        }
    }

    public SnapshotMetadata commit(SnapshotWriter writer, Optional<SnapshotId> parent, CancellationToken token) {
        SampleDataset dataset = new SampleDataset(NAME, entries());
        DatasetSummary summary = writer.write(dataset, dataset.view(), parent, (entries, bytes) -> {}, token);
        SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), CUT)
                .sequence(writer.sequence())
                .label("größe")
                .datasets(List.of(summary))
                .build();
        writer.commit(new SnapshotManifest(metadata, Duration.ZERO, Map.of(), List.of()));
        return metadata;
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        files.forEach((path, file) -> entries.add(Entry.file(
                path,
                file.bytes().length,
                new EntryAttributes(
                        Optional.of(file.modified()),
                        OptionalInt.of(0640),
                        Optional.empty(),
                        Optional.empty(),
                        file.identity()),
                content(path.value(), file))));
        return entries;
    }

    private EntryContent content(String path, File file) {
        byte[] bytes = file.bytes();
        return new EntryContent() {
            @Override
            public InputStream open() {
                opened.add(path);
                onOpen.getOrDefault(path, () -> {}).run();
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public int pageSize() {
                return file.pageSize();
            }
        };
    }

    /** Every content of a snapshot, as one character a byte. */
    public static Map<String, String> read(SnapshotRepository repository, String id) {
        Map<String, String> contents = new TreeMap<>();
        try (SnapshotReader reader = repository.read(SnapshotId.of(id));
                EntryCursor cursor = reader.dataset(NAME).entries()) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                try (InputStream in = entry.content().open()) {
                    contents.put(entry.path().value(), new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }
}
