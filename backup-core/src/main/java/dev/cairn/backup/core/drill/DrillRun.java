package dev.cairn.backup.core.drill;

import dev.cairn.backup.DrillCheck;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.SnapshotReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One drill, step by step. Used once, by one thread. */
final class DrillRun {

    /** Begins the name of the step that restores a dataset. */
    static final String RESTORE = "restore_";

    private static final Duration ENDING = Duration.ofSeconds(30);
    private static final String EXISTS = "backup_exists";

    private final String id;
    private final DrillRequest request;
    private final Instant startedAt;
    private final List<Dataset> configured;
    private final ScratchSpace room;
    private final TimedSteps steps;
    private final List<String> warnings = new ArrayList<>();
    private @Nullable SnapshotMetadata snapshot;
    private boolean damagedSomething;

    DrillRun(
            String id,
            DrillRequest request,
            Instant startedAt,
            List<Dataset> configured,
            ScratchSpace room,
            TimedSteps steps) {
        this.id = id;
        this.request = request;
        this.startedAt = startedAt;
        this.configured = configured;
        this.room = room;
        this.steps = steps;
    }

    /**
     * Runs it. Whatever it made is gone when this returns or throws.
     *
     * @param open opens the snapshot, if there is one
     * @throws dev.cairn.backup.BackupCancelledException if it is to end
     */
    DrillReport run(Supplier<Optional<SnapshotReader>> open) {
        long start = System.nanoTime();
        Duration took;
        try (Opened opened = new Opened()) {
            steps.run(EXISTS, request.stepTimeout(), token -> exists(opened, open));
            SnapshotReader reader = opened.reader;
            if (reader == null) {
                nothingToRestore();
                took = Duration.ofNanos(System.nanoTime() - start);
            } else {
                Map<String, Dataset> datasets = datasets(reader);
                restore(reader, datasets);
                took = Duration.ofNanos(System.nanoTime() - start);
                if (request.control()) {
                    control(reader, datasets);
                }
            }
        }
        return report(took);
    }

    /** The reader on its way from the step's thread; a step that was given up may still open it. */
    private static final class Opened implements AutoCloseable {

        private volatile @Nullable SnapshotReader reader;

        @Override
        public void close() {
            SnapshotReader known = reader;
            if (known != null) {
                known.close();
            }
        }
    }

    private Optional<String> exists(Opened opened, Supplier<Optional<SnapshotReader>> open) {
        Optional<SnapshotReader> found = open.get();
        if (found.isEmpty()) {
            return Optional.of("there is no good snapshot"
                    + (request.datasets().everything()
                            ? ""
                            : " that holds " + request.datasets().names()));
        }
        opened.reader = found.get();
        SnapshotMetadata metadata = found.get().manifest().metadata();
        snapshot = metadata;
        return age(metadata).compareTo(request.rpo()) <= 0
                ? Optional.empty()
                : Optional.of(
                        "snapshot '" + metadata.id() + "' is " + age(metadata).toSeconds() + " s old, at most "
                                + request.rpo().toSeconds() + " s is allowed");
    }

    private Duration age(SnapshotMetadata metadata) {
        Duration age = Duration.between(metadata.createdAt(), startedAt);
        return age.isNegative() ? Duration.ZERO : age;
    }

    private Map<String, Dataset> datasets(SnapshotReader reader) {
        DrillTargets targets = DrillTargets.of(reader.manifest().metadata(), configured, request.datasets());
        targets.missing().forEach((name, why) -> steps.notEvaluated(RESTORE + name, request.stepTimeout(), why));
        warnings.addAll(targets.warnings());
        if (targets.datasets().isEmpty()) {
            steps.notEvaluated("restore", request.stepTimeout(), "the snapshot holds nothing that could be restored");
        }
        return targets.datasets();
    }

    private void nothingToRestore() {
        configured.stream()
                .map(Dataset::name)
                .filter(request.datasets()::includes)
                .forEach(name -> steps.notEvaluated(RESTORE + name, request.stepTimeout(), "no snapshot"));
        notAsked("no snapshot");
    }

    private void notAsked(String why) {
        for (DrillCheck check : request.checks()) {
            steps.notEvaluated(check.name(), check.timeout(), why);
        }
    }

    private void restore(SnapshotReader reader, Map<String, Dataset> datasets) {
        try (ScratchSpace.ScratchFile place = room.reserve(id, bytes(reader, datasets))) {
            IsolatedCopy copy = copy(reader, place);
            try {
                List<String> restored = new ArrayList<>();
                datasets.forEach((name, dataset) -> {
                    if (steps.run(
                            RESTORE + name,
                            request.stepTimeout(),
                            token -> copy.restore(dataset, reader.dataset(name), token))) {
                        restored.add(name);
                    }
                });
                for (String name : datasets.keySet()) {
                    if (restored.contains(name)) {
                        steps.run(
                                "integrity_" + name,
                                request.stepTimeout(),
                                token -> copy.differences(name, reader.dataset(name)));
                    } else {
                        steps.notEvaluated("integrity_" + name, request.stepTimeout(), "it was not restored");
                    }
                }
                ask(copy);
            } finally {
                end(copy);
            }
        } catch (StoreException | LimitExceededException e) {
            steps.notEvaluated("room", request.stepTimeout(), e.getMessage());
            notAsked("there was no room to restore to");
        }
    }

    private void ask(IsolatedCopy copy) {
        for (DrillCheck check : request.checks()) {
            if (steps.all().stream()
                    .allMatch(step -> step.passed() || step.name().equals(EXISTS))) {
                steps.run(
                        check.name(),
                        check.timeout(),
                        token -> check.test().passes(copy) ? Optional.empty() : Optional.of("the answer was no"));
            } else {
                steps.notEvaluated(check.name(), check.timeout(), "something before it failed");
            }
        }
    }

    /** Ends what the host's checks have started, also if the drill was cancelled. */
    private void end(IsolatedCopy copy) {
        boolean interrupted = Thread.interrupted(); // A process must not go on because somebody is impatient.
        TimedSteps ends = steps.uncancelled();
        for (Optional<AutoCloseable> next = copy.nextToEnd(); next.isPresent(); next = copy.nextToEnd()) {
            AutoCloseable thing = next.get();
            ends.run("end", ENDING, token -> {
                thing.close();
                return Optional.empty();
            });
        }
        ends.all().stream().filter(step -> !step.passed()).forEach(steps::add);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The other half of the proof: the same steps on copies with one bit turned over, each of which must be found out. */
    private void control(SnapshotReader reader, Map<String, Dataset> datasets) {
        if (!steps.passed()) {
            datasets.keySet()
                    .forEach(name -> steps.notEvaluated(
                            "control_" + name, request.stepTimeout(), "the sound copy did not pass"));
            return;
        }
        try (ScratchSpace.ScratchFile place = room.reserve(id + "-control", bytes(reader, datasets))) {
            IsolatedCopy copy = copy(reader, place);
            datasets.forEach((name, dataset) -> {
                Optional<DamagedReader> damaged = DamagedReader.of(reader.dataset(name));
                if (damaged.isEmpty()) {
                    warnings.add("dataset '" + name + "' holds no byte, so the control could not damage it");
                    return;
                }
                damagedSomething = true;
                steps.run("control_" + name, request.stepTimeout(), token -> {
                    Control control = new Control(copy, dataset, damaged.get());
                    return control.run(reader.dataset(name), token);
                });
            });
        } catch (StoreException | LimitExceededException e) {
            steps.notEvaluated("control", request.stepTimeout(), e.getMessage());
            return;
        }
        if (!damagedSomething) {
            steps.notEvaluated("control", request.stepTimeout(), "there was no byte to damage");
        }
    }

    private IsolatedCopy copy(SnapshotReader reader, ScratchSpace.ScratchFile place) {
        return new IsolatedCopy(id, startedAt, reader.manifest().metadata(), place.path());
    }

    private static long bytes(SnapshotReader reader, Map<String, Dataset> datasets) {
        return datasets.entrySet().stream()
                .filter(dataset -> dataset.getValue().location().isPresent())
                .mapToLong(dataset -> reader.dataset(dataset.getKey()).summary().bytes())
                .sum();
    }

    private DrillReport report(Duration took) {
        List<String> problems = new ArrayList<>();
        for (DrillReport.Step step : steps.all()) {
            if (!step.passed()) {
                problems.add(step.name()
                        + (step.outcome() == DrillReport.Outcome.FAILED ? " failed: " : " was not done: ")
                        + step.detail());
            }
        }
        if (took.compareTo(request.rto()) > 0) {
            problems.add("restoring and checking took " + took.toMillis() + " ms, the target is "
                    + request.rto().toMillis() + " ms");
        }
        Optional<SnapshotMetadata> restored = snapshot();
        return new DrillReport(
                id,
                restored.map(SnapshotMetadata::id),
                startedAt,
                steps.all(),
                request.rpo(),
                restored.map(this::age),
                request.rto(),
                took,
                damagedSomething,
                problems,
                warnings,
                Optional.empty());
    }

    /** What is being restored, once it was read. */
    Optional<SnapshotMetadata> snapshot() {
        return Optional.ofNullable(snapshot);
    }
}
