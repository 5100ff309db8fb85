package dev.cairn.backup.core.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each dataset continues the newest good snapshot that holds it, whatever was taken of others since. */
class OwnParentsTest {

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final Files a = new Files("a");
    private final Files b = new Files("b");
    private final SnapshotManager manager = Cairn.builder()
            .repository(Packed.at(blobs))
            .state(new MemoryBlobStore())
            .dataset(a)
            .dataset(b)
            .callerThreadsOnly()
            .open();

    @AfterEach
    void close() {
        manager.close();
    }

    private SnapshotReport take(DatasetSelection datasets) {
        a.opened = 0;
        b.opened = 0;
        return manager.create(SnapshotRequest.of().datasets(datasets));
    }

    @Test
    void aDatasetThatTheNewestSnapshotLacksIsNotReadAnew() {
        take(DatasetSelection.all());
        assertEquals(1, a.opened);
        assertEquals(1, b.opened);
        take(DatasetSelection.only("b"));
        take(DatasetSelection.only("b"));
        assertEquals(0, a.opened + b.opened);
        SnapshotReport last = take(DatasetSelection.all());
        assertEquals(0, a.opened, "it was last held by the first snapshot");
        assertEquals(0, b.opened);
        assertEquals(1, last.metadata().dataset("a").orElseThrow().entries());
    }

    @Test
    void aSuspectSnapshotIsContinuedByNoDataset() {
        take(DatasetSelection.all());
        a.content = new byte[0];
        assertEquals(1, take(DatasetSelection.only("a")).suspicions().size());
        a.content = Files.FULL;
        take(DatasetSelection.all());
        assertEquals(0, a.opened, "it is as the last good one has it");
    }

    /** One file, which tells by its times that it did not change. */
    private static final class Files implements Dataset {

        static final byte[] FULL = new byte[1000];

        private final String name;
        private byte[] content = FULL;
        private int opened;

        Files(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String kind() {
            return "one-file";
        }

        @Override
        public Optional<Location> location() {
            return Optional.empty();
        }

        @Override
        public Optional<PreparedCapture> prepare(CaptureContext context) {
            byte[] frozen = content;
            EntryAttributes attributes = new EntryAttributes(
                    Optional.of(Instant.EPOCH),
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new EntryAttributes.Identity(Instant.EPOCH, "inode 1")));
            Entry entry = Entry.file(EntryPath.of("file"), frozen.length, attributes, () -> {
                opened++;
                return new ByteArrayInputStream(frozen);
            });
            FrozenView view = new FrozenView() {
                @Override
                public EntryCursor entries() {
                    return EntryCursor.of(List.of(entry));
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };
            return Optional.of(new PreparedCapture() {
                @Override
                public FrozenView freeze() {
                    return view;
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            });
        }

        @Override
        public DatasetPlan compare(DatasetReader snapshot) {
            throw new UnsupportedOperationException("only captured");
        }

        @Override
        public StagedRestore stage(DatasetReader snapshot, StageContext context) {
            throw new UnsupportedOperationException("only captured");
        }

        @Override
        public StagedRestore resume(StageContext context) {
            throw new UnsupportedOperationException("only captured");
        }
    }
}
