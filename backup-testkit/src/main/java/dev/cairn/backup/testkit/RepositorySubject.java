package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;

/** What the repository suites share: repositories over a store in memory, and the steps of writing and reading one. */
abstract class RepositorySubject {

    static final String DATASET = "sample";

    final MemoryBlobStore store = new MemoryBlobStore();
    private final List<SnapshotRepository> opened = new ArrayList<>();

    /**
     * Makes a repository object over a store, as a process would that starts; the suite opens and closes it. Every call must use the same keys
     * and configuration.
     *
     * @param blobs the store, empty or written by an earlier object
     * @return the repository, not opened
     * @throws Exception if it cannot be made
     */
    protected abstract SnapshotRepository newRepository(BlobStore blobs) throws Exception;

    @AfterEach
    void closeRepositories() {
        opened.forEach(SnapshotRepository::close);
    }

    /** An opened repository that the suite closes. */
    final SnapshotRepository repository(BlobStore blobs) throws Exception {
        SnapshotRepository repository = newRepository(blobs);
        opened.add(repository);
        repository.open();
        return repository;
    }

    static SnapshotId id(String value) {
        return SnapshotId.of(value);
    }

    static Entry file(String path, byte[] bytes) {
        return Entry.file(
                EntryPath.of(path),
                bytes.length,
                EntryAttributes.of(Instant.parse("2025-05-06T07:08:09.123456789Z"), 0640),
                () -> new ByteArrayInputStream(bytes));
    }

    /** A few small entries that differ for each seed. */
    static SampleDataset sample(long seed) {
        return new SampleDataset(
                DATASET,
                List.of(
                        Entry.directory(EntryPath.of("d"), EntryAttributes.of(null, 0755)),
                        file("d/one", BlobStoreSubject.noise(seed, 3_000)),
                        file("d/two", BlobStoreSubject.noise(seed + 1_000, 40)),
                        file("empty", new byte[0])));
    }

    /** Writes and commits a snapshot. */
    static SnapshotManifest write(SnapshotRepository repository, String id, SampleDataset... datasets) {
        try (SnapshotWriter writer = repository.begin(sequence -> id(id))) {
            return commit(writer, datasets);
        }
    }

    static SnapshotManifest commit(SnapshotWriter writer, SampleDataset... datasets) {
        List<DatasetSummary> summaries = new ArrayList<>();
        for (SampleDataset dataset : datasets) {
            summaries.add(writer.write(
                    dataset, dataset.view(), Optional.empty(), (entries, bytes) -> {}, new CancellationToken()));
        }
        SnapshotManifest manifest = manifest(writer, summaries);
        writer.commit(manifest);
        return manifest;
    }

    static SnapshotManifest manifest(SnapshotWriter writer, List<DatasetSummary> summaries) {
        SnapshotMetadata metadata = SnapshotMetadata.builder(
                        writer.id(), Instant.parse("2026-01-02T03:04:05.678901234Z"))
                .sequence(writer.sequence())
                .projectionVersion(OptionalLong.of(42))
                .label("größe \"quoted\" \\ 1/2")
                .datasets(summaries)
                .build();
        return new SnapshotManifest(
                metadata,
                Duration.ofNanos(1_234_567),
                Map.of(DATASET, List.of("d/changed")),
                List.of("a warning, with ünicode"));
    }

    static List<String> committed(SnapshotRepository repository) {
        return repository.list().stream()
                .filter(StoredSnapshot.Committed.class::isInstance)
                .map(snapshot -> snapshot.id().value())
                .toList();
    }

    /** Reads everything and compares everything; any typed error is the caller's. */
    static void assertReads(SnapshotRepository repository, String id, SampleDataset... datasets) throws IOException {
        try (SnapshotReader reader = repository.read(id(id))) {
            for (SampleDataset dataset : datasets) {
                assertReads(reader.dataset(dataset.name()), dataset);
            }
        }
    }

    private static void assertReads(DatasetReader reader, SampleDataset expected) throws IOException {
        assertEquals(
                expected.name(),
                reader.summary().name(),
                "DatasetReader.summary: \"what the manifest says of the dataset\"");
        List<Entry> wanted = expected.entries();
        int count = 0;
        try (EntryCursor cursor = reader.entries()) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                Entry unexpected = entry;
                if (count == wanted.size()) {
                    throw new AssertionError(
                            "DatasetReader.entries: an entry that was never written: " + unexpected.path());
                }
                assertSame(wanted.get(count++), entry);
            }
        }
        assertEquals(wanted.size(), count, "DatasetReader.entries: \"all entries\"");
    }

    private static void assertSame(Entry expected, Entry found) throws IOException {
        String where = "DatasetReader.entries: " + expected.path();
        assertEquals(expected.path(), found.path(), where);
        assertEquals(expected.type(), found.type(), where);
        assertEquals(expected.linkTarget(), found.linkTarget(), where);
        assertEquals(expected.attributes().modified(), found.attributes().modified(), where);
        assertEquals(expected.attributes().mode(), found.attributes().mode(), where);
        assertEquals(expected.attributes().owner(), found.attributes().owner(), where);
        assertEquals(expected.attributes().group(), found.attributes().group(), where);
        byte[] wanted = bytes(expected);
        byte[] bytes = bytes(found);
        assertArrayEquals(
                wanted, bytes, () -> where + ": \"a stream that reaches its end has handed out the right bytes\"");
        assertEquals(bytes.length, found.size(), where + ": the size is \"exact when read from a snapshot\"");
    }

    static byte[] bytes(Entry entry) throws IOException {
        try (InputStream in = entry.content().open()) {
            return in.readAllBytes();
        }
    }
}
