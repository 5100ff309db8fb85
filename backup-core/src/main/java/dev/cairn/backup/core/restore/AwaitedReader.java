package dev.cairn.backup.core.restore;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.StageContext;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an {@link AwaitedDataset} has left in the journal, as the snapshot's dataset that it was. */
record AwaitedReader(DatasetSummary summary, SnapshotMetadata snapshot, List<Entry> files) implements DatasetReader {

    private static final String COUNT = "awaited-count";
    private static final String PATH = "awaited-path-";
    private static final String CONTENT = "awaited-content-";

    static void save(StageContext context, int number, Entry entry, byte[] content) {
        context.save(PATH + number, entry.path().value().getBytes(StandardCharsets.UTF_8));
        context.save(CONTENT + number, content);
    }

    static void saveCount(StageContext context, int count) {
        context.save(COUNT, Integer.toString(count).getBytes(StandardCharsets.US_ASCII));
    }

    static AwaitedReader of(StageContext context, SnapshotId snapshot, String dataset, String kind) {
        int count = Integer.parseInt(new String(load(context, COUNT), StandardCharsets.US_ASCII));
        List<Entry> files = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            byte[] content = load(context, CONTENT + i);
            EntryPath path = EntryPath.of(new String(load(context, PATH + i), StandardCharsets.UTF_8));
            files.add(Entry.file(path, content.length, EntryAttributes.NONE, () -> new ByteArrayInputStream(content)));
            bytes += content.length;
        }
        DatasetSummary summary = new DatasetSummary(dataset, kind, true, count, bytes, Optional.empty(), Map.of());
        SnapshotMetadata metadata = SnapshotMetadata.builder(snapshot, context.startedAt())
                .datasets(List.of(summary))
                .build();
        return new AwaitedReader(summary, metadata, files);
    }

    private static byte[] load(StageContext context, String key) {
        return context.load(key)
                .orElseThrow(() -> new IllegalStateException("restore " + context.restoreId() + " has no " + key));
    }

    @Override
    public EntryCursor entries() {
        return EntryCursor.of(files);
    }
}
