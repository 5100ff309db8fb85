package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What the tests of tables share. */
final class TableTests {

    private TableTests() {}

    static MemorySnapshot take(Dataset dataset, Path folder) {
        return MemorySnapshot.take(dataset, RecordingCaptureContext.in(folder.resolve("scratch")));
    }

    static void restore(Dataset dataset, MemorySnapshot snapshot) {
        StagedRestore staged = dataset.stage(snapshot, MapStageContext.create("restore-1"));
        staged.swap();
        staged.finish();
    }

    /** A snapshot that holds this instead of what was captured; its content is not read before it is asked for. */
    static DatasetReader reader(MemorySnapshot like, Entry entry) {
        return new DatasetReader() {
            @Override
            public SnapshotMetadata snapshot() {
                return like.snapshot();
            }

            @Override
            public DatasetSummary summary() {
                return like.summary();
            }

            @Override
            public EntryCursor entries() {
                return EntryCursor.of(List.of(entry));
            }
        };
    }

    static String text(Entry entry) throws Exception {
        try (InputStream in = entry.content().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
