package dev.cairn.backup.core.restore;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.RestoreCheck;
import dev.cairn.backup.RestoreHooks;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.core.capture.FakeDisk;
import dev.cairn.backup.core.cursor.CursorDataset;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.SourceCursor;
import dev.cairn.backup.cursor.StateDedup;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import dev.cairn.backup.testkit.TestScratch;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A host with two datasets on disk and one in memory, and all that outlives its process: disks, state store, repository, and the value that the
 * host was last given (a host that keeps its memory by itself).
 */
final class World {

    static final SnapshotId TARGET = SnapshotId.of("target");

    private final MemoryBlobStore state = new MemoryBlobStore();
    private final BrowsableRepository repository = BrowsableRepository.at(new MemoryBlobStore());
    private final FakeDisk left = new FakeDisk();
    private final FakeDisk right = new FakeDisk();
    private final Map<TimelineEpoch, Long> told = new HashMap<>();
    private String memory = "";
    private SnapshotCut cut = cut("old");
    private Epochs epochs = new Epochs(state);
    private Steps steps = Steps.harmless();

    World() {
        left.onStep(name -> steps.step("left " + name));
        right.onStep(name -> steps.step("right " + name));
        write("new");
        takeTarget();
        left.clear();
        right.clear();
        write("old");
    }

    private void write(String age) {
        left.write("file", age).write("only-" + age, "x");
        right.write("file", age).write("only-" + age, "x");
        memory = age;
        cut = cut(age);
    }

    /** The snapshot is what is new here, and its events are older. */
    private static SnapshotCut cut(String age) {
        return new SnapshotCut(
                TimelineEpoch.first(),
                Map.of("source", SourceCursor.resynced("1", age.equals("new") ? 10 : 20)),
                StateDedup.empty());
    }

    private long position() {
        return cut.cursors().get("source").committed();
    }

    /** The host goes on with a cut; what two histories share must not be an epoch. */
    private void resume(SnapshotCut next) {
        steps.step("cursors handed " + next.epoch());
        cut = next;
        Long before = told.put(cut.epoch(), position());
        if (before != null && before != position()) {
            throw new AssertionError(cut.epoch() + " was told with " + before + " and with " + position());
        }
    }

    MemoryBlobStore state() {
        return state;
    }

    /** The datasets as a new process would make them; values in memory come first, as the planner orders them. */
    List<Dataset> datasets() {
        return List.of(
                StateDataset.of("memory", JsonCodec.of(new ObjectMapper(), String.class), () -> memory, value -> {
                    steps.step("memory handed " + value);
                    memory = value;
                }),
                new CursorDataset(() -> cut, this::resume, epochs),
                onDisk("left", left),
                onDisk("right", right));
    }

    private static FakeDataset onDisk(String name, FakeDisk disk) {
        return FakeDataset.on(name, disk).location(new Location(URI.create("file:///" + name), ""));
    }

    private void takeTarget() {
        try (SnapshotWriter writer = repository.begin(sequence -> TARGET)) {
            List<DatasetSummary> summaries = new ArrayList<>();
            for (Dataset dataset : datasets()) {
                try (var prepared = dataset.prepare(
                                        RecordingCaptureContext.of(TARGET, TestScratch.in(Path.of("never-used"))))
                                .orElseThrow();
                        var view = prepared.freeze()) {
                    summaries.add(writer.write(
                            dataset, view, Optional.empty(), (entries, bytes) -> {}, new CancellationToken()));
                }
            }
            SnapshotMetadata metadata = SnapshotMetadata.builder(TARGET, Instant.EPOCH)
                    .datasets(summaries)
                    .build();
            writer.commit(new SnapshotManifest(metadata, Duration.ZERO, Map.of(), List.of()));
        }
    }

    /** The state store as the engine of this process sees it: each call is a step. */
    FaultyBlobStore watchedState() {
        return FaultyBlobStore.over(state).onCall(call -> {
            try {
                steps.step("state " + call.operation() + " " + call.name());
            } catch (Steps.Trouble e) {
                throw new StoreException(StoreException.Reason.IO, e.getMessage(), "Nothing: a test wanted it", e);
            }
        });
    }

    /** A new process: no fault of the last one is left. */
    World revived() {
        steps = Steps.harmless();
        epochs = new Epochs(state);
        epochs.known();
        return this;
    }

    /** One process that restores the target. */
    RestoreExecution.Done restore(Steps with) {
        return restore(with, watchedState(), new CancellationToken());
    }

    RestoreExecution.Done restore(Steps with, FaultyBlobStore store, CancellationToken token) {
        steps = with;
        RestoreHooks hooks = new RestoreHooks(() -> steps.step("before-hook"), () -> steps.step("after-hook"));
        RestoreExecution.HostSide host = new RestoreExecution.HostSide(
                hooks,
                List.of(snapshot -> steps.step("callback 1"), snapshot -> steps.step("callback 2")),
                List.of(new RestoreCheck("all is well", snapshot -> {
                    steps.step("check");
                    return true;
                })));
        return restore(host, store, token);
    }

    RestoreExecution.Done restore(RestoreExecution.HostSide host, FaultyBlobStore store, CancellationToken token) {
        epochs = new Epochs(store);
        try (SnapshotReader reader = repository.read(TARGET)) {
            return new RestoreExecution(
                            new RestoreRecords(store),
                            epochs,
                            host,
                            reader.manifest().metadata())
                    .run(reader, datasets(), Optional.empty(), Instant.parse("2026-01-02T00:00:00Z"), token);
        }
    }

    /** The next process: recovers before the host has loaded anything, then hands values in memory back. */
    RecoveryReport start(Steps with) {
        steps = with;
        FaultyBlobStore store = watchedState();
        epochs = new Epochs(store);
        RecoveryReport report = new PendingRestores(store)
                .recover(datasets().stream()
                        .filter(dataset -> dataset.location().isPresent())
                        .toList());
        epochs.known();
        new PendingRestores(store).handBack(datasets());
        if (epochs.current().compareTo(cut.epoch()) > 0) {
            resume(cut.resumedIn(epochs.current())); // As a host does that has just started.
        }
        return report;
    }

    /** A process that may only die or be told of a typed trouble. */
    boolean startSurvives(Steps with) {
        try {
            start(with);
            return true;
        } catch (Steps.Crash | BackupException | Steps.Trouble e) {
            return false;
        }
    }

    /** {@code old}, {@code new}, or how they are mixed. */
    String age() {
        boolean allOld = holds(left, "old") && holds(right, "old") && memory.equals("old") && position() == 20;
        boolean allNew = holds(left, "new") && holds(right, "new") && memory.equals("new") && position() == 10;
        return allOld
                ? "old"
                : allNew
                        ? "new"
                        : "left " + left.files() + ", right " + right.files() + ", memory " + memory + ", " + cut;
    }

    private static boolean holds(FakeDisk disk, String age) {
        return disk.files().equals(Map.of("file", age, "only-" + age, "x"));
    }

    /** The host's epoch; it must be the one that the state store knows. */
    TimelineEpoch epoch() {
        return cut.epoch();
    }

    boolean nothingStaged() {
        return left.nothingStaged() && right.nothingStaged();
    }

    boolean nothingPending() {
        return new RestoreRecords(state).pending().isEmpty();
    }
}
