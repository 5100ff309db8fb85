package dev.cairn.backup.core.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.Barrier;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Progress;
import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotCaptureTest {

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final SettableClock clock = SettableClock.create();
    private final FakeDataset first = FakeDataset.of("first").file("a", "aaaa").file("b", "bb");
    private final FakeDataset second = FakeDataset.of("second").file("c", "c");
    private final List<Progress> progress = Collections.synchronizedList(new ArrayList<>());
    private Barrier barrier = Barrier.none();
    private Optional<LongSupplier> version = Optional.empty();
    private SnapshotNaming naming = SnapshotNaming.sequential();

    @AfterEach
    void nothingIsLeftOpen() {
        assertEquals(0, first.open() + second.open(), "prepared captures, views, cursors and streams are closed");
    }

    @Test
    void allDatasetsAreFrozenInsideOneHoldOfTheBarrier() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        first.at(point -> order.add("first " + point));
        second.at(point -> order.add("second " + point));
        version = Optional.of(() -> {
            order.add("version");
            return 42;
        });
        barrier = action -> {
            order.add("locked");
            action.run();
            order.add("unlocked");
        };
        SnapshotManifest manifest = take(SnapshotRequest.of());
        assertEquals(
                List.of(
                        "first PREPARE",
                        "second PREPARE",
                        "locked",
                        "first FREEZE",
                        "second FREEZE",
                        "version",
                        "unlocked"),
                order.subList(0, 7));
        assertEquals(OptionalLong.of(42), manifest.metadata().projectionVersion());
    }

    @Test
    void theManifestTellsWhatWasTaken() {
        first.warning("a warning of its own").changedAfterCut("b");
        SnapshotManifest manifest = take(SnapshotRequest.of().label("by hand"));
        assertEquals(SnapshotId.of("snap-1"), manifest.metadata().id());
        assertEquals(1, manifest.metadata().sequence());
        assertEquals(clock.instant(), manifest.metadata().createdAt());
        assertEquals(Optional.of("by hand"), manifest.metadata().label());
        assertEquals(SnapshotTrigger.MANUAL, manifest.metadata().trigger());
        assertEquals("here", manifest.metadata().lineage());
        assertEquals(Optional.of(SnapshotId.of("before")), manifest.metadata().parent());
        assertEquals(7, manifest.metadata().sizeBytes());
        assertEquals(Map.of("files", 3L), manifest.metadata().counts());
        assertEquals(Map.of("first", List.of("b")), manifest.changedAfterCut());
        assertEquals(List.of("a warning of its own"), manifest.warnings());
        try (var reader = repository(store).read(SnapshotId.of("snap-1"))) {
            assertEquals(manifest, reader.manifest(), "what is stored is what was answered");
        }
    }

    @ParameterizedTest
    @EnumSource(FakeDataset.Point.class)
    void aDatasetThatFailsAnywhereLeavesNothingListed(FakeDataset.Point where) {
        SourceException failure = new SourceException("second", "is gone", "put it back", null);
        second.failingAt(where, failure);
        SourceException thrown = assertThrows(SourceException.class, () -> take(SnapshotRequest.of()));
        assertSame(failure, thrown);
        assertNothingListed();
    }

    /** Every exception of the manager is a BackupException, also when a third party's dataset breaks its own contract. */
    @ParameterizedTest
    @EnumSource(FakeDataset.Point.class)
    void aDatasetThatThrowsWhatItMayNotIsReportedByItsName(FakeDataset.Point where) {
        second.failingAt(where, new IllegalStateException("the host's own trouble"));
        BackupException thrown = assertThrows(BackupException.class, () -> take(SnapshotRequest.of()));
        assertTrue(thrown.getMessage().contains("the host's own trouble"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("second"), thrown.getMessage());
        assertNothingListed();
    }

    @Test
    void anErrorInsideTheBarrierLetsGoOfWhatWasFrozen() {
        second.at(point -> {
            if (point == FakeDataset.Point.FREEZE) {
                throw new StackOverflowError("inside the barrier");
            }
        });
        assertThrows(BackupException.class, () -> take(SnapshotRequest.of()));
        assertNothingListed();
    }

    @Test
    void aVersionThatCannotBeToldFailsTheSnapshotWithATypedError() {
        version = Optional.of(() -> {
            throw new IllegalStateException("no version yet");
        });
        BackupException thrown = assertThrows(BackupException.class, () -> take(SnapshotRequest.of()));
        assertTrue(thrown.getMessage().contains("no version yet"), thrown.getMessage());
        assertNothingListed();
    }

    @Test
    void aCutThatIsMissedIsTakenAgainAtMostThreeTimes() {
        first.missing(3);
        SnapshotManifest manifest = take(SnapshotRequest.of());
        assertEquals(4, first.frozen());
        assertEquals(SnapshotId.of("snap-1"), manifest.metadata().id(), "under the same id");
        assertEquals(7, manifest.metadata().sizeBytes());
    }

    @Test
    void aCutThatIsMissedForEverIsReported() {
        first.missing(Integer.MAX_VALUE);
        CutMissedException thrown = assertThrows(CutMissedException.class, () -> take(SnapshotRequest.of()));
        assertEquals("first", thrown.dataset());
        assertEquals(4, first.frozen());
        assertNothingListed();
    }

    @Test
    void warningsOfAnAttemptThatWasGivenUpAreNotKept() {
        first.warning("seen").missing(2);
        assertEquals(List.of("seen"), take(SnapshotRequest.of()).warnings());
    }

    @Test
    void aCancelledRequestTakesNothing() {
        CancellationToken token = new CancellationToken();
        token.cancel();
        assertThrows(
                BackupCancelledException.class, () -> take(SnapshotRequest.of().cancellation(token)));
        assertEquals(List.of(), store.list(""));
    }

    @ParameterizedTest
    @EnumSource(FakeDataset.Point.class)
    void aCancellationAtAnyPointLeavesNothingListed(FakeDataset.Point where) {
        CancellationToken token = new CancellationToken();
        second.at(point -> {
            if (point == where) {
                token.cancel();
            }
        });
        assertThrows(
                BackupCancelledException.class, () -> take(SnapshotRequest.of().cancellation(token)));
        assertNothingListed();
    }

    @Test
    void anOptionalDatasetThatIsMissingIsListedAsAbsentWithAWarning() {
        FakeDataset absent = FakeDataset.of("absent").absent();
        SnapshotManifest manifest =
                capture(store, List.of(first, absent)).take(order(SnapshotRequest.of()), parent(), metadata -> {});
        assertFalse(manifest.metadata().dataset("absent").orElseThrow().present());
        assertEquals(1, manifest.warnings().size());
        assertTrue(
                manifest.warnings().get(0).contains("'absent'"),
                manifest.warnings().toString());
    }

    @Test
    void anUnknownDatasetIsRefusedBeforeAnythingIsWritten() {
        InvalidValueException thrown = assertThrows(
                InvalidValueException.class,
                () -> take(SnapshotRequest.of().datasets(DatasetSelection.only("first", "third"))));
        assertTrue(
                thrown.getMessage().contains("'third'") && thrown.getMessage().contains("second"), thrown.getMessage());
        assertEquals(List.of(), store.list(""));
    }

    @Test
    void onlyTheChosenDatasetsAreTouched() {
        SnapshotManifest manifest = take(SnapshotRequest.of().datasets(DatasetSelection.only("second")));
        assertEquals(1, manifest.metadata().datasets().size());
        assertEquals(0, first.frozen());
    }

    @Test
    void twoInOneSecondGetNamesOfTheirOwn() {
        naming = SnapshotNaming.timestamp();
        assertEquals(
                "20260101_000000_x",
                take(SnapshotRequest.of().label("x")).metadata().id().value());
        assertEquals(
                "20260101_000000_x-2",
                take(SnapshotRequest.of().label("x")).metadata().id().value());
        assertEquals(
                "20260101_000000_x-3",
                take(SnapshotRequest.of().label("x")).metadata().id().value());
    }

    @Test
    void aCallersOwnIdIsUsedOnce() {
        SnapshotRequest request = SnapshotRequest.of().id(SnapshotId.of("mine"));
        assertEquals(SnapshotId.of("mine"), take(request).metadata().id());
        assertThrows(SnapshotExistsException.class, () -> take(request));
        assertEquals(1, repository(store).list().size(), "the first one is untouched");
    }

    @Test
    void aNamingThatAlwaysAnswersTheSameEnds() {
        naming = (sequence, now, label, attempt) -> SnapshotId.of("always");
        take(SnapshotRequest.of());
        assertThrows(SnapshotExistsException.class, () -> take(SnapshotRequest.of()));
    }

    @Test
    void aDatasetThatNeedsScratchRoomIsToldHowToGiveSome() {
        Dataset needy = new NeedyDataset();
        ConfigurationException thrown = assertThrows(
                ConfigurationException.class,
                () -> capture(store, List.of(needy)).take(order(SnapshotRequest.of()), parent(), metadata -> {}));
        assertTrue(thrown.getMessage().contains("scratch"), thrown.getMessage());
    }

    /** Invariant 2: at whatever call the store fails, the snapshot is absent or complete; and it is listed if take() returned. */
    @Test
    void aStoreThatFailsAtAnyCallLeavesTheSnapshotAbsentOrComplete() {
        for (int call = 1; call < 200; call++) {
            MemoryBlobStore memory = new MemoryBlobStore();
            FaultyBlobStore faulty = FaultyBlobStore.over(memory).failAt(call);
            boolean taken = true;
            try {
                capture(faulty, List.of(first, second)).take(order(SnapshotRequest.of()), parent(), metadata -> {});
            } catch (BackupException e) {
                taken = false;
            }
            List<StoredSnapshot> listed = repository(memory).list().stream()
                    .filter(StoredSnapshot.Committed.class::isInstance)
                    .toList();
            assertEquals(taken ? 1 : 0, listed.size(), "failure at call " + call);
            if (faulty.calls() < call) {
                return;
            }
        }
        throw new AssertionError("a snapshot of three files ends");
    }

    @Test
    void aFullStoreFailsTheSnapshotAndIsCleanedUp() {
        first.file("big", "x".repeat(10_000));
        FaultyBlobStore faulty = FaultyBlobStore.over(store).fullAfter(5_000);
        assertThrows(
                BackupException.class,
                () -> capture(faulty, List.of(first, second))
                        .take(order(SnapshotRequest.of()), parent(), metadata -> {}));
        assertNothingListed();
        assertEquals(
                List.of(), store.list("snap-1"), "what was written is removed, although nothing more can be written");
    }

    @Test
    void progressIsReportedAtTheEndWithEverythingCounted() {
        take(SnapshotRequest.of().progress(told -> {}));
        Progress last = progress.get(progress.size() - 1);
        assertEquals(3, last.entries());
        assertEquals(7, last.bytes());
        assertEquals(OptionalLong.of(99), last.totalBytes());
    }

    @Test
    void aManifestThatTheWriterWasFencedFromIsAFailure() {
        AtomicBoolean once = new AtomicBoolean();
        second.at(point -> {
            if (point == FakeDataset.Point.CONTENT && once.compareAndSet(false, true)) {
                repository(store).delete(SnapshotId.of("snap-1"));
            }
        });
        BackupException thrown = assertThrows(BackupException.class, () -> take(SnapshotRequest.of()));
        assertInstanceOf(dev.cairn.backup.StoreException.class, thrown);
        assertNothingListed();
    }

    private void assertNothingListed() {
        assertEquals(
                List.of(),
                repository(store).list().stream()
                        .filter(StoredSnapshot.Committed.class::isInstance)
                        .toList());
        assertTrue(store.stat(BlobName.of("snap-2/manifest.json")).isEmpty());
    }

    private SnapshotManifest take(SnapshotRequest request) {
        return capture(store, List.of(first, second)).take(order(request), parent(), metadata -> {});
    }

    private SnapshotCapture capture(BlobStore blobs, List<Dataset> datasets) {
        return new SnapshotCapture(
                repository(blobs),
                new SnapshotCapture.Host(
                        datasets,
                        barrier,
                        Duration.ofSeconds(30),
                        version,
                        naming,
                        clock,
                        task -> new Thread(task).start(),
                        Optional.empty(),
                        (listener, told) -> progress.add(told)));
    }

    private static CaptureOrder order(SnapshotRequest request) {
        return CaptureOrder.of(request);
    }

    private static SnapshotCapture.Parent parent() {
        return new SnapshotCapture.Parent(
                "here", Optional.of(SnapshotId.of("before")), OptionalLong.of(99), Map.of(), List.of());
    }

    private static BrowsableRepository repository(BlobStore blobs) {
        return BrowsableRepository.at(blobs);
    }

    /** A dataset that wants scratch room in prepare. */
    private static final class NeedyDataset implements Dataset {

        private final FakeDataset rest = FakeDataset.of("needy");

        @Override
        public String name() {
            return rest.name();
        }

        @Override
        public String kind() {
            return rest.kind();
        }

        @Override
        public Optional<dev.cairn.backup.spi.Location> location() {
            return Optional.empty();
        }

        @Override
        public Optional<dev.cairn.backup.spi.PreparedCapture> prepare(dev.cairn.backup.spi.CaptureContext context) {
            context.scratch().reserve("copy", 10);
            return rest.prepare(context);
        }

        @Override
        public dev.cairn.backup.DatasetPlan compare(dev.cairn.backup.spi.DatasetReader snapshot) {
            return rest.compare(snapshot);
        }

        @Override
        public dev.cairn.backup.spi.StagedRestore stage(
                dev.cairn.backup.spi.DatasetReader snapshot, dev.cairn.backup.spi.StageContext context) {
            return rest.stage(snapshot, context);
        }

        @Override
        public dev.cairn.backup.spi.StagedRestore resume(dev.cairn.backup.spi.StageContext context) {
            return rest.resume(context);
        }
    }
}
