package dev.cairn.backup.core.point;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.ContentSink;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A dataset as it was at a point: the base's one entry with the pages of the change log in their places. Thread-safe. */
final class PointDataset implements DatasetReader {

    private final DatasetReader base;
    private final Entry baseEntry;
    private final LogReplay log;
    private final RestorePoint point;
    private final Entry entry;

    private PointDataset(DatasetReader base, Entry baseEntry, LogReplay log, RestorePoint point) {
        this.base = base;
        this.baseEntry = baseEntry;
        this.log = log;
        this.point = point;
        this.entry =
                Entry.file(baseEntry.path(), log.size(baseEntry.size()), baseEntry.attributes(), new PointContent());
    }

    static PointDataset open(SnapshotReader snapshot, RestorePoint point, KnownRuns runs) {
        DatasetReader base = snapshot.dataset(point.dataset());
        LogPosition position = base.summary()
                .log()
                .orElseThrow(() -> new InvalidValueException(
                        "restore point", point, "one that restorePoint(…) answered; its base has no log position"));
        return new PointDataset(base, onlyFile(base, point), LogReplay.of(runs, point, position), point);
    }

    private static Entry onlyFile(DatasetReader base, RestorePoint point) {
        try (EntryCursor entries = base.entries()) {
            Entry first = entries.next();
            if (first == null || first.type() != EntryType.FILE || entries.next() != null) {
                throw new DamagedSnapshotException(
                        point.base(), point.dataset(), "is not the one file that a change log applies to", null);
            }
            return first;
        }
    }

    @Override
    public SnapshotMetadata snapshot() {
        return base.snapshot();
    }

    /** Without the base's counts, which the log may have changed. */
    @Override
    public DatasetSummary summary() {
        DatasetSummary before = base.summary();
        return new DatasetSummary(
                before.name(),
                before.kind(),
                true,
                1,
                entry.size(),
                before.identity(),
                Map.of(),
                Optional.of(point.position()));
    }

    @Override
    public EntryCursor entries() {
        return EntryCursor.of(List.of(entry));
    }

    @Override
    public void contents(List<Entry> files, ContentSink sink, CancellationToken cancellation) throws IOException {
        for (int i = 0; i < files.size(); i++) {
            if (!(files.get(i).content() instanceof PointContent)) {
                throw new IllegalArgumentException(files.get(i).path() + " is no file of a point");
            }
            int file = i;
            pieces(
                    (ignored, position, bytes, offset, length) -> sink.accept(file, position, bytes, offset, length),
                    cancellation);
        }
    }

    private void pieces(ContentSink sink, CancellationToken cancellation) throws IOException {
        LogReplay.Outcome replayed = log.run(new PagePieces(log.pageSize(), sink), cancellation);
        BaseRest rest = new BaseRest(replayed, log.pageSize(), baseEntry.size(), entry.size());
        if (baseEntry.size() > 0) {
            base.contents(
                    List.of(baseEntry),
                    (file, position, bytes, offset, length) -> rest.pass(position, bytes, offset, length, sink),
                    cancellation);
        }
        rest.zeros(sink);
    }

    /** @param held bytes of changed pages that are held at a time */
    InputStream stream(int held) throws IOException {
        ChangedPages changed = ChangedPages.of(log);
        return new PointStream(
                baseEntry.content().open(), changed.limit(baseEntry.size(), entry.size()), entry.size(), changed, held);
    }

    private final class PointContent implements EntryContent {

        @Override
        public InputStream open() throws IOException {
            return stream(PointStream.HELD);
        }

        @Override
        public int pageSize() {
            return log.pageSize();
        }
    }
}
