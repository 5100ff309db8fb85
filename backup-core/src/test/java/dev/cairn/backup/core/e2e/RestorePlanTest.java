package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.LiveTarget;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.testkit.ForwardingDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a plan tells of bytes, space and time, and when it is stale. */
class RestorePlanTest {

    @TempDir
    Path temp;

    private MixedHost host;
    private SnapshotId first;

    @BeforeEach
    void takeTheFirst() throws IOException {
        host = new MixedHost(temp);
        Files.writeString(host.tree().resolve("same"), "12345678");
        host.say("first");
        try (SnapshotManager backups = host.configure().open()) {
            first = backups.create().id();
        }
        host.say("second");
    }

    private RestorePlan plan(SnapshotManager backups) {
        return backups.plan(RestoreRequest.of(first));
    }

    @Test
    void itTellsTheBytesOfEachKindAndThePathsOnRequest() {
        try (SnapshotManager backups = host.configure().open()) {
            assertEquals(List.of(), plan(backups).datasets().get(1).paths());
            RestorePlan plan = backups.plan(RestoreRequest.of(first).listPaths(2));
            DatasetPlan files = plan.datasets().get(1);
            assertEquals("files", files.dataset());
            assertEquals(
                    new DatasetPlan.Sizes(0, 5, 6, 8 + 5),
                    files.sizes().orElseThrow(),
                    "word; only-second; same, only-first");
            assertEquals(files.bytes(), 5 + 8 + 5);
            assertEquals(List.of("replace folder/word", "remove folder/deep/only-second"), files.paths());
            DatasetPlan database = plan.datasets().get(2);
            assertEquals(database.bytes(), database.sizes().orElseThrow().replace());
            assertTrue(plan.datasets().get(0).sizes().orElseThrow().replace() > 0);
        }
    }

    @Test
    void theTimeIsEstimatedOnceEachKindWasRestored() {
        try (SnapshotManager backups = host.configure().open()) {
            assertEquals(Optional.empty(), plan(backups).estimate());
            backups.restore(plan(backups));
            Duration estimate = plan(backups).estimate().orElseThrow();
            assertTrue(estimate.compareTo(Duration.ZERO) > 0, estimate::toString);
        }
        try (SnapshotManager backups = host.configure().open()) {
            assertTrue(plan(backups).estimate().isPresent(), "remembered over a restart");
        }
    }

    @Test
    void datasetsOfOneVolumeNeedTheirSpaceTogetherAndWhatDoesNotFitIsRefusedBeforeAnythingIsStaged()
            throws IOException {
        Map<String, String> before = host.told();
        AtomicLong free = new AtomicLong(Long.MAX_VALUE);
        CairnBuilder cramped = Cairn.builder()
                .repository(BrowsableRepository.at(FileBlobStore.at(temp.resolve("repository"))))
                .state(host.state())
                .dataset(new Cramped(host.files(), free))
                .dataset(new Cramped(host.sqlite(), free))
                .clock(host.clock)
                .callerThreadsOnly()
                .maxAge(Duration.ofDays(30));
        RestoreRequest request =
                RestoreRequest.of(first).datasets(dev.cairn.backup.DatasetSelection.only("files", "db"));
        try (SnapshotManager backups = cramped.open()) {
            RestorePlan roomy = backups.plan(request);
            assertEquals(1, roomy.space().size(), roomy.space()::toString);
            RestorePlan.Space space = roomy.space().get(0);
            assertEquals(List.of("files", "db"), space.datasets());
            long content =
                    roomy.datasets().stream().mapToLong(DatasetPlan::bytes).sum();
            assertTrue(space.needed() > content && space.fits(), space::toString);
            assertFalse(roomy.warnings().stream().anyMatch(warning -> warning.contains("refused")));

            free.set(space.needed() - 1);
            RestorePlan tight = backups.plan(request);
            assertTrue(
                    tight.warnings().stream().anyMatch(warning -> warning.contains("would be refused")),
                    tight.warnings()::toString);
            int snapshots = backups.list().size();
            for (RestorePlan each : List.of(tight, roomy)) {
                String message = assertThrows(RestoreRefusedException.class, () -> backups.restore(each))
                        .getMessage();
                assertTrue(message.contains("does not fit") && message.contains("prune()"), message);
            }
            assertEquals(snapshots, backups.list().size(), "not even a safety snapshot was taken");
            assertEquals(before, host.told());
            free.set(space.needed());
            backups.restore(roomy);
        }
    }

    @Test
    void aPlanIsStaleAfterAnotherRestoreAfterAMarkAndWhenItsTargetIsAnotherKindOfThing() throws IOException {
        try (SnapshotManager backups = host.configure().open()) {
            RestorePlan old = plan(backups);
            backups.restore(plan(backups));
            assertStale(() -> backups.restore(old), "epoch");

            RestorePlan unmarked = plan(backups);
            backups.acknowledge(first, "anna", "looked at it");
            assertStale(() -> backups.restore(unmarked), Mark.Kind.ACKNOWLEDGED.name());

            RestorePlan folder = plan(backups);
            Path moved = Files.move(host.tree(), temp.resolve("moved"));
            Files.writeString(host.tree(), "a file now");
            assertStale(() -> backups.restore(folder), "'files'");
            assertEquals("a file now", Files.readString(host.tree()));
            Files.delete(host.tree());
            Files.move(moved, host.tree());
            backups.restore(folder);
        }
    }

    @Test
    void ordinaryWritesAndPinsDoNotMakeAPlanStaleAndADeletedSnapshotIsNamed() throws IOException {
        try (SnapshotManager backups = host.configure().open()) {
            RestorePlan plan = plan(backups);
            host.say("third");
            backups.pin(first, "looks good");
            backups.restore(plan);
            assertEquals("first", host.told().get("row"));
            backups.unpin(first);
            host.clock.advance(Duration.ofMinutes(1));
            backups.create();
            RestorePlan gone = plan(backups);
            backups.delete(first);
            assertThrows(SnapshotNotFoundException.class, () -> backups.restore(gone));
        }
    }

    private static void assertStale(Executable restore, String why) {
        String message = assertThrows(RestoreRefusedException.class, restore).getMessage();
        assertTrue(message.contains("stale") && message.contains(why) && message.contains("Plan again"), message);
    }

    /** A dataset on a volume with a quota. */
    private static final class Cramped extends ForwardingDataset {

        private final AtomicLong free;

        Cramped(Dataset dataset, AtomicLong free) {
            super(dataset);
            this.free = free;
        }

        @Override
        public Optional<LiveTarget> liveTarget() {
            return super.liveTarget()
                    .map(live -> new LiveTarget(live.location(), live.shape(), free.get(), live.spareBytes()));
        }
    }
}
