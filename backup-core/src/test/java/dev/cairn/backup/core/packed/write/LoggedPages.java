package dev.cairn.backup.core.packed.write;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PageChanges;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A content of pages with a log of the pages that each transaction wrote, which remembers what was read of it. */
final class LoggedPages implements Dataset {

    static final String NAME = "logged";

    private static final String TIMELINE = "00112233445566778899aabbccddeeff";

    final int pageSize;
    final List<Integer> read = Collections.synchronizedList(new ArrayList<>());
    int opened;
    /** What the next reading of a page throws. */
    @Nullable
    IOException failure;
    /** The greatest page that is told; pages behind it are kept quiet, against the contract. */
    int lastTold = Integer.MAX_VALUE;

    private final List<Set<Integer>> log = new ArrayList<>();
    private byte[] bytes = new byte[0];

    LoggedPages(int pageSize) {
        this.pageSize = pageSize;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    int pages() {
        return bytes.length / pageSize;
    }

    /** A transaction that leaves the content like this and says that it wrote all pages that differ, and some more. */
    LoggedPages commit(byte[] now, Set<Integer> more) {
        Set<Integer> written = new TreeSet<>(more);
        for (int page = 0; page < now.length / pageSize; page++) {
            int from = page * pageSize;
            if (from >= bytes.length || !Arrays.equals(now, from, from + pageSize, bytes, from, from + pageSize)) {
                written.add(page);
            }
        }
        log.add(written);
        bytes = now.clone();
        return this;
    }

    /** Takes a snapshot. */
    SnapshotMetadata snapshot(SnapshotRepository repository, String id, @Nullable String before, boolean tellsChanges) {
        read.clear();
        opened = 0;
        try (SnapshotWriter writer = repository.begin(sequence -> SnapshotId.of(id))) {
            DatasetSummary summary = writer.write(
                    this,
                    new View(tellsChanges),
                    Optional.ofNullable(before).map(SnapshotId::of),
                    (entries, more) -> {},
                    new CancellationToken());
            SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), Instant.EPOCH)
                    .sequence(writer.sequence())
                    .datasets(List.of(summary))
                    .build();
            writer.commit(new SnapshotManifest(metadata, Duration.ZERO, Map.of(), List.of()));
            return metadata;
        }
    }

    private final class View implements FrozenView {

        private final boolean tellsChanges;

        View(boolean tellsChanges) {
            this.tellsChanges = tellsChanges;
        }

        @Override
        public EntryCursor entries() {
            return EntryCursor.of(List.of(Entry.file(
                    EntryPath.of("pages"), bytes.length, EntryAttributes.NONE, new Content(bytes, tellsChanges))));
        }

        @Override
        public Optional<LogPosition> logPosition() {
            return Optional.of(new LogPosition(TIMELINE, log.size()));
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private final class Content implements EntryContent {

        private final byte[] frozen;
        private final boolean tellsChanges;

        Content(byte[] frozen, boolean tellsChanges) {
            this.frozen = frozen;
            this.tellsChanges = tellsChanges;
        }

        @Override
        public InputStream open() {
            opened++;
            return new ByteArrayInputStream(frozen);
        }

        @Override
        public int pageSize() {
            return pageSize;
        }

        @Override
        public Optional<PageChanges> changesSince(LogPosition earlier) {
            if (!tellsChanges || !earlier.timeline().equals(TIMELINE)) {
                return Optional.empty();
            }
            Set<Integer> written = new TreeSet<>();
            log.subList((int) earlier.transaction(), log.size()).forEach(written::addAll);
            int[] pages = written.stream()
                    .mapToInt(Integer::intValue)
                    .filter(page -> page < frozen.length / pageSize && page <= lastTold)
                    .toArray();
            return Optional.of(new PageChanges() {
                @Override
                public long size() {
                    return frozen.length;
                }

                @Override
                public int[] pages() {
                    return pages.clone();
                }

                @Override
                public void read(int page, byte[] into, int offset) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    if (Arrays.binarySearch(pages, page) < 0) {
                        throw new IllegalArgumentException("page " + page + " was not told");
                    }
                    read.add(page);
                    System.arraycopy(frozen, page * pageSize, into, offset, pageSize);
                }
            });
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String kind() {
        return "logged";
    }

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        throw new UnsupportedOperationException("only its view is stored");
    }

    @Override
    public dev.cairn.backup.DatasetPlan compare(DatasetReader snapshot) {
        throw new UnsupportedOperationException("only its view is stored");
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        throw new UnsupportedOperationException("only its view is stored");
    }

    @Override
    public StagedRestore resume(StageContext context) {
        throw new UnsupportedOperationException("only its view is stored");
    }
}
