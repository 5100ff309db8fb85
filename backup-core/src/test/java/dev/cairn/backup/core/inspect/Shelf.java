package dev.cairn.backup.core.inspect;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SampleDataset;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A repository of either kind, in memory, with snapshots made by hand. */
enum Shelf {
    PACKED,
    BROWSABLE;

    static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    SnapshotRepository repository() {
        MemoryBlobStore blobs = new MemoryBlobStore();
        SnapshotRepository repository = this == PACKED ? Packed.at(blobs) : BrowsableRepository.at(blobs);
        repository.open();
        return repository;
    }

    /** Commits a snapshot of these datasets and answers its id. */
    static SnapshotId take(SnapshotRepository repository, Map<String, List<Entry>> datasets, String... absent) {
        try (SnapshotWriter writer = repository.begin(number -> SnapshotId.of("snap-" + number))) {
            List<DatasetSummary> summaries = new ArrayList<>();
            datasets.forEach((name, entries) -> {
                SampleDataset dataset = new SampleDataset(name, entries);
                try (FrozenView view = dataset.view()) {
                    summaries.add(writer.write(
                            dataset, view, Optional.empty(), (more, bytes) -> {}, new CancellationToken()));
                }
            });
            for (String name : absent) {
                summaries.add(DatasetSummary.absent(name, "sample"));
            }
            SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), TIME)
                    .sequence(writer.sequence())
                    .datasets(summaries)
                    .build();
            writer.commit(new SnapshotManifest(metadata, Duration.ZERO, Map.of(), List.of()));
            return writer.id();
        }
    }

    static Entry file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8), 0, EntryAttributes.of(TIME, 0640));
    }

    static Entry file(String path, byte[] bytes, int pageSize, EntryAttributes attributes) {
        EntryContent content = new EntryContent() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public int pageSize() {
                return pageSize;
            }
        };
        return Entry.file(EntryPath.of(path), bytes.length, attributes, content);
    }

    static Entry folder(String path) {
        return Entry.directory(EntryPath.of(path), EntryAttributes.of(TIME, 0750));
    }

    /** The same snapshot, counting how many contents are opened. */
    static SnapshotReader counted(SnapshotReader reader, AtomicInteger opened) {
        return new SnapshotReader() {
            @Override
            public SnapshotManifest manifest() {
                return reader.manifest();
            }

            @Override
            public DatasetReader dataset(String name) {
                return counted(reader.dataset(name), opened);
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    private static DatasetReader counted(DatasetReader dataset, AtomicInteger opened) {
        return new DatasetReader() {
            @Override
            public SnapshotMetadata snapshot() {
                return dataset.snapshot();
            }

            @Override
            public DatasetSummary summary() {
                return dataset.summary();
            }

            @Override
            public EntryCursor entries() {
                EntryCursor entries = dataset.entries();
                return new EntryCursor() {
                    @Override
                    public Entry next() {
                        Entry entry = entries.next();
                        return entry == null || entry.type() != EntryType.FILE
                                ? entry
                                : Entry.file(
                                        entry.path(),
                                        entry.size(),
                                        entry.attributes(),
                                        new Counted(entry.content(), opened));
                    }

                    @Override
                    public void close() {
                        entries.close();
                    }
                };
            }
        };
    }

    private record Counted(EntryContent content, AtomicInteger opened) implements EntryContent {

        @Override
        public InputStream open() throws IOException {
            opened.incrementAndGet();
            return content.open();
        }

        @Override
        public boolean isKnownToEqual(EntryContent other) {
            return other instanceof Counted that && content.isKnownToEqual(that.content);
        }
    }
}
