package dev.cairn.backup.core.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DrillPolicy;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillReport.Outcome;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.testkit.ForwardingDataset;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.TestScratch;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillTest {

    private static final SnapshotId FIRST = SnapshotId.of("snap-1");
    private static final Duration SOON = Duration.ofMinutes(2);

    @TempDir
    Path temp;

    private final TestHost host = new TestHost();
    private final AtomicReference<String> memory = new AtomicReference<>("first");
    private TestScratch scratch = TestScratch.in(Path.of("unused"));

    @BeforeEach
    void makeRoom() {
        scratch = TestScratch.in(temp);
    }

    private CairnBuilder builder() {
        return host.builder().scratch(scratch).dataset(value());
    }

    private StateDataset<String> value() {
        return StateDataset.of("memory", JsonCodec.of(new ObjectMapper(), String.class), memory::get, memory::set);
    }

    private static Map<String, Outcome> outcomes(DrillReport report) {
        return report.steps().stream().collect(Collectors.toMap(DrillReport.Step::name, DrillReport.Step::outcome));
    }

    private static List<String> names(DrillReport report) {
        return report.steps().stream().map(DrillReport.Step::name).toList();
    }

    private List<Mark> marks(SnapshotId id) {
        return BrowsableRepository.at(host.blobs).marks(id);
    }

    @Test
    void restoresEveryDatasetApartFromTheLiveOnesAndAsksInOrder() {
        List<String> hooks = new ArrayList<>();
        try (SnapshotManager backups = builder()
                .restoreHooks(() -> hooks.add("before"), () -> hooks.add("after"))
                .open()) {
            backups.create();
            host.data.file("a", "live again");
            memory.set("live again");
            host.clock.advance(Duration.ofMinutes(5));

            DrillReport report = backups.drill(DrillRequest.latest()
                    .objectives(Duration.ofHours(1), SOON)
                    .check(
                            "value",
                            SOON,
                            place -> place.value("memory", String.class).equals("first"))
                    .check("snapshot", SOON, place -> place.snapshot().id().equals(FIRST)));

            assertTrue(report.passed(), report.toString());
            assertEquals(
                    List.of(
                            "backup_exists",
                            "restore_data",
                            "restore_memory",
                            "integrity_data",
                            "integrity_memory",
                            "value",
                            "snapshot"),
                    names(report));
            assertEquals(Optional.of(Duration.ofMinutes(5)), report.rpoActual());
            assertTrue(report.rtoActual().compareTo(Duration.ZERO) > 0);
            assertEquals("live again", host.live());
            assertEquals("live again", memory.get());
            assertEquals(List.of(), hooks);
            assertTrue(host.data.disk().nothingStaged());
            assertEquals(List.of(), scratch.held());
            assertEquals(Optional.of(host.clock.instant()), backups.lastRestoreTested(FIRST));
        }
        assertEquals(
                List.of(Mark.Kind.VERIFIED),
                marks(FIRST).stream().map(Mark::kind).toList());
        try (SnapshotManager later = builder().open()) {
            assertTrue(later.lastDrill().orElseThrow().passed(), "another process remembers");
            assertEquals("drill-2", later.drill(DrillRequest.latest()).id());
        }
    }

    @Test
    void anOldSnapshotFailsItsAgeAndIsRestoredAllTheSame() {
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            host.clock.advance(Duration.ofHours(25));
            DrillReport report = backups.drill(DrillRequest.latest().check("asked", SOON, place -> true));
            assertFalse(report.passed());
            assertEquals(Outcome.FAILED, outcomes(report).get("backup_exists"));
            assertEquals(Outcome.PASSED, outcomes(report).get("integrity_data"));
            assertEquals(Outcome.PASSED, outcomes(report).get("asked"));
            assertTrue(report.problems().get(0).contains("90000 s old, at most 86400 s"), report.toString());
            assertEquals(Optional.empty(), backups.lastRestoreTested(FIRST));
        }
    }

    @Test
    void aMissedTargetFailsWhatPassedEveryStep() {
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            DrillReport report =
                    backups.drill(DrillRequest.latest().objectives(Duration.ofHours(1), Duration.ofNanos(1)));
            assertTrue(report.steps().stream().allMatch(DrillReport.Step::passed));
            assertEquals(1, report.problems().size(), report.toString());
            assertTrue(report.problems().get(0).contains("the target is"), report.toString());
            assertEquals(BackupHealth.Status.DEGRADED, backups.health().status());
            assertTrue(backups.drill(DrillRequest.latest()).passed());
            assertFalse(backups.health().problems().stream().anyMatch(problem -> problem.contains("drill-")));
        }
    }

    @Test
    void withoutASnapshotEveryStepFailsBecauseNoneCouldBeDone() {
        try (SnapshotManager backups = builder().open()) {
            DrillReport report = backups.drill(DrillRequest.latest().check("asked", SOON, place -> true));
            assertEquals(
                    Map.of(
                            "backup_exists", Outcome.FAILED,
                            "restore_data", Outcome.NOT_EVALUATED,
                            "restore_memory", Outcome.NOT_EVALUATED,
                            "asked", Outcome.NOT_EVALUATED),
                    outcomes(report));
            assertEquals(4, report.problems().size());
            assertThrows(SnapshotNotFoundException.class, () -> backups.drill(DrillRequest.of(SnapshotId.of("none"))));
        }
    }

    @Test
    void aDatasetThatCannotBeIsolatedFailsByName() {
        Dataset stubborn = new ForwardingDataset(host.data) {
            @Override
            public Optional<Dataset> isolated(Path folder) {
                return Optional.empty();
            }
        };
        try (SnapshotManager backups =
                host.elsewhere(host.state).scratch(scratch).dataset(stubborn).open()) {
            backups.create();
            DrillReport report = backups.drill(DrillRequest.latest());
            assertEquals(Outcome.FAILED, outcomes(report).get("restore_data"));
            assertEquals(Outcome.NOT_EVALUATED, outcomes(report).get("integrity_data"));
            assertTrue(report.problems().get(0).contains("'data' of kind 'fake' cannot be restored into isolation"));
        }
    }

    @Test
    void aDatasetOfTheRequestThatTheSnapshotLacksFailsByNameToo() {
        try (SnapshotManager first = host.builder().scratch(scratch).open()) {
            first.create();
        }
        try (SnapshotManager backups = builder().open()) {
            DrillReport named = backups.drill(DrillRequest.of(FIRST).datasets(DatasetSelection.only("data", "memory")));
            assertEquals(Outcome.NOT_EVALUATED, outcomes(named).get("restore_memory"));
            assertFalse(named.passed());
            DrillReport all = backups.drill(DrillRequest.of(FIRST));
            assertTrue(all.passed(), all.toString());
            assertTrue(all.warnings().get(0).contains("'memory'"), all.toString());
            DrillReport newest = backups.drill(DrillRequest.latest().datasets(DatasetSelection.only("memory")));
            assertEquals(Optional.empty(), newest.snapshot(), "the only snapshot does not hold it");
        }
    }

    @Test
    void aDamagedSnapshotFailsAndLeavesABundleWithoutSecrets() throws Exception {
        MemoryBlobStore incidents = new MemoryBlobStore();
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            host.blobs.damage(BlobName.of("snap-1/snapshot/data/a"), "FIRST".getBytes(StandardCharsets.UTF_8));
            DrillReport report =
                    backups.drill(DrillRequest.latest().incidents(incidents).check("asked", SOON, place -> true));
            assertEquals(Outcome.FAILED, outcomes(report).get("restore_data"));
            assertEquals(Outcome.PASSED, outcomes(report).get("integrity_memory"));
            assertEquals(Outcome.NOT_EVALUATED, outcomes(report).get("asked"));
            assertTrue(report.incident().orElseThrow().startsWith("drill-1 in "), report.toString());
        }
        assertTrue(text(incidents, "drill-1/report.json").contains("\"restore_data\""));
        assertTrue(text(incidents, "drill-1/manifest.json").contains("\"snap-1\""));
        assertTrue(text(incidents, "drill-1/events.log").contains("drill-1 of snap-1 started"));
        String environment = text(incidents, "drill-1/environment.json");
        assertTrue(environment.contains("\"java.version\"") && environment.contains("\"dataset data\""));
        System.getenv().forEach((name, value) -> assertFalse(environment.contains("\"" + name + "\""), name));
        assertFalse(environment.contains("user."), environment);
    }

    private static String text(MemoryBlobStore store, String name) throws Exception {
        try (InputStream in = store.read(BlobName.of(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void bundlesInTheStateStoreAreTheLastTen() {
        try (SnapshotManager backups = builder().open()) {
            for (int i = 0; i < 12; i++) {
                backups.drill(DrillRequest.latest());
            }
        }
        assertEquals(10, host.stateBlobs.children("drills/incidents").size());
        assertTrue(host.stateBlobs.children("drills/incidents").contains("drill-12"));
    }

    @Test
    void aCheckThatSaysNoOrThrowsFailsAndWhatFollowsIsNotAsked() {
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            DrillReport no = backups.drill(
                    DrillRequest.latest().check("no", SOON, place -> false).check("later", SOON, place -> true));
            assertEquals(Outcome.FAILED, outcomes(no).get("no"));
            assertEquals(Outcome.NOT_EVALUATED, outcomes(no).get("later"));
            DrillReport thrown = backups.drill(DrillRequest.latest().check("throws", SOON, place -> {
                throw new AssertionError("three rows are missing");
            }));
            assertTrue(thrown.problems().get(0).contains("three rows are missing"), thrown.toString());
        }
    }

    @Test
    void aCheckThatHangsIsInterruptedWhenItsTimeIsOver() {
        CountDownLatch ended = new CountDownLatch(1);
        try (SnapshotManager backups =
                builder().threadFactory(Thread::new).schedulesRunByHost().open()) {
            backups.create();
            DrillReport report = backups.drill(DrillRequest.latest().check("hangs", Duration.ofMillis(50), place -> {
                try {
                    new CountDownLatch(1).await();
                    return true;
                } finally {
                    ended.countDown();
                }
            }));
            assertEquals(Outcome.FAILED, outcomes(report).get("hangs"));
            assertTrue(report.problems().get(0).contains("was not done within 50 ms"), report.toString());
            assertEquals(0, ended.getCount());
            assertEquals(List.of(), scratch.held());
        }
    }

    @Test
    void whatAChecksStartedIsEndedTheLastFirstAndAFailureToEndItIsTold() {
        List<String> ended = new ArrayList<>();
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            DrillReport report = backups.drill(DrillRequest.latest().check("starts", SOON, place -> {
                place.closeAtEnd(() -> ended.add("first"));
                place.closeAtEnd(() -> {
                    ended.add("second");
                    throw new IllegalStateException("it does not stop");
                });
                return true;
            }));
            assertEquals(List.of("second", "first"), ended);
            assertFalse(report.passed());
            assertTrue(report.problems().get(0).contains("it does not stop"), report.toString());
        }
    }

    @Test
    void theControlFindsTheDamageThatItMade() {
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            DrillReport report = backups.drill(DrillRequest.latest().withControl());
            assertTrue(report.passed(), report.toString());
            assertTrue(report.controlled());
            assertEquals(Outcome.PASSED, outcomes(report).get("control_data"));
            assertEquals(Outcome.PASSED, outcomes(report).get("control_memory"));
            assertEquals(List.of(), scratch.held());
            assertEquals("first", host.live());
        }
    }

    @Test
    void aDrillWhoseChecksAreBlindFailsByItsControl() {
        Dataset blind = new ForwardingDataset(host.data) {
            @Override
            public Optional<Dataset> isolated(Path folder) {
                return host.data.isolated(folder).map(there -> new ForwardingDataset(there) {
                    @Override
                    public List<String> differences(dev.cairn.backup.spi.DatasetReader snapshot) {
                        return List.of();
                    }
                });
            }
        };
        try (SnapshotManager backups =
                host.elsewhere(host.state).scratch(scratch).dataset(blind).open()) {
            backups.create();
            assertTrue(backups.drill(DrillRequest.latest()).passed(), "without the control nobody notices");
            DrillReport report = backups.drill(DrillRequest.latest().withControl());
            assertEquals(Outcome.FAILED, outcomes(report).get("control_data"));
            assertTrue(report.problems().get(0).contains("passed as sound"), report.toString());
        }
    }

    @Test
    void theTargetIsPinnedWhileItIsRestoredAndSnapshotsGoOnMeanwhile() {
        List<Mark.Kind> during = new ArrayList<>();
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            DrillReport report = backups.drill(DrillRequest.latest()
                    .check("goes-on", SOON, place -> true)
                    .check("beside", SOON, place -> {
                        marks(FIRST).forEach(mark -> during.add(mark.kind()));
                        backups.create();
                        assertThrows(BackupBusyException.class, () -> backups.drill(DrillRequest.latest()));
                        return true;
                    }));
            assertTrue(report.passed(), report.toString());
            assertEquals(List.of(Mark.Kind.PINNED), during);
            assertEquals(2, backups.list().size());
        }
        assertFalse(marks(FIRST).stream().anyMatch(mark -> mark.kind() == Mark.Kind.PINNED));
    }

    @Test
    void thePinOfADrillWhoseProcessDiedGoesAtTheNextOpening() {
        class Death extends Error {
            private static final long serialVersionUID = 1L;
        }
        SnapshotManager dying = builder().open();
        dying.create();
        assertThrows(
                Death.class,
                () -> dying.drill(DrillRequest.latest().check("dies", SOON, place -> {
                    host.store.onCall(call -> {
                        throw new Death();
                    });
                    host.state.onCall(call -> {
                        throw new Death();
                    });
                    return true;
                })));
        host.store.heal();
        host.state.heal();
        assertTrue(marks(FIRST).stream().anyMatch(mark -> mark.kind() == Mark.Kind.PINNED), "the test must see it");
        builder().open().close();
        assertFalse(marks(FIRST).stream().anyMatch(mark -> mark.kind() == Mark.Kind.PINNED));
    }

    @Test
    void aDrillEndsWhenItsTokenSaysSoOrTheManagerCloses() {
        CancellationToken token = new CancellationToken();
        SnapshotManager backups =
                builder().threadFactory(Thread::new).schedulesRunByHost().open();
        backups.create();
        assertThrows(
                BackupCancelledException.class,
                () -> backups.drill(DrillRequest.latest().cancellation(token).check("cancels", SOON, place -> {
                    token.cancel();
                    return true;
                })));
        assertThrows(
                BackupCancelledException.class,
                () -> backups.drill(DrillRequest.latest().check("closes", SOON, place -> {
                    new Thread(backups::close).start();
                    new CountDownLatch(1).await(); // Until the drill is told to end.
                    return true;
                })));
        assertEquals(List.of(), scratch.held());
        assertFalse(marks(FIRST).stream().anyMatch(mark -> mark.kind() == Mark.Kind.PINNED));
    }

    @Test
    void anInterruptEndsTheDrillAndWhatItStartedAndKeepsTheFlag() {
        List<String> ended = new ArrayList<>();
        Thread caller = Thread.currentThread();
        try (SnapshotManager backups =
                builder().threadFactory(Thread::new).schedulesRunByHost().open()) {
            backups.create();
            DrillRequest request = DrillRequest.latest().check("interrupts", SOON, place -> {
                place.closeAtEnd(() -> ended.add("the service"));
                caller.interrupt();
                new CountDownLatch(1).await();
                return true;
            });
            assertThrows(BackupCancelledException.class, () -> backups.drill(request));
            assertTrue(Thread.interrupted(), "the flag is kept");
            assertEquals(List.of("the service"), ended);
            assertEquals(List.of(), scratch.held());
        }
        assertFalse(marks(FIRST).stream().anyMatch(mark -> mark.kind() == Mark.Kind.PINNED));
    }

    @Test
    void aFullScratchIsAFailedDrillAndNotAnException() {
        try (SnapshotManager backups = host.builder()
                .dataset(
                        new ForwardingDataset(dev.cairn.backup.core.capture.FakeDataset.of("big")
                                .file("b", "12345678")) {
                            @Override
                            public Optional<dev.cairn.backup.spi.Location> location() {
                                return Optional.of(
                                        new dev.cairn.backup.spi.Location(java.net.URI.create("file:///big"), ""));
                            }
                        })
                .scratch(scratch.quota(4))
                .open()) {
            backups.create();
            DrillReport report = backups.drill(DrillRequest.latest().check("asked", SOON, place -> true));
            assertEquals(Outcome.NOT_EVALUATED, outcomes(report).get("room"));
            assertEquals(Outcome.NOT_EVALUATED, outcomes(report).get("asked"));
        }
    }

    @Test
    void withoutAnyRoomTheConfigurationIsRefused() {
        try (SnapshotManager backups = host.builder().open()) {
            backups.create();
            assertThrows(ConfigurationException.class, () -> backups.drill(DrillRequest.latest()));
            assertTrue(backups.drill(DrillRequest.latest().room(scratch)).passed());
        }
        DrillPolicy policy = DrillPolicy.of(Recurrence.every(SOON), DrillRequest.latest());
        assertThrows(
                ConfigurationException.class,
                () -> host.builder().drills(policy).open());
        host.builder()
                .drills(DrillPolicy.of(policy.when(), policy.request().room(scratch)))
                .open()
                .close();
    }

    @Test
    void listenersAreToldOfItsBeginningAndItsEnd() {
        try (SnapshotManager backups = builder().open()) {
            backups.create();
            backups.drill(DrillRequest.of(FIRST));
        }
        assertEquals(1, host.events(BackupEvent.DrillStarted.class).size());
        BackupEvent.DrillFinished end =
                host.events(BackupEvent.DrillFinished.class).get(0);
        assertTrue(end.describe().startsWith("drill-1 of snap-1 passed in "), end.describe());
        assertNotEquals("", end.report().startedAt().toString());
    }
}
