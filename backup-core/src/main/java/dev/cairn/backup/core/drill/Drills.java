package dev.cairn.backup.core.drill;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.operate.RecentEvents;
import dev.cairn.backup.core.operate.watch.MeasuredRestores;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drills of a manager, one at a time. Only the choice of the snapshot, and its pin, is an operation that others wait for; all the rest goes on beside them. Thread-safe.
 */
public final class Drills {

    /** Who marks what a drill has restored and found right. */
    public static final String HOLDER = "drill";

    private static final Logger LOG = LoggerFactory.getLogger(Drills.class);
    private static final long CLOSING_SECONDS = 15;

    /**
     * What drills work on.
     *
     * @param scratch where to restore to, unless a request tells
     * @param threads makes the steps' threads; null to do them on the caller's
     */
    public record Installation(
            SnapshotRepository repository,
            BlobStore state,
            List<Dataset> datasets,
            Optional<ScratchSpace> scratch,
            InstantSource clock,
            @Nullable ThreadFactory threads) {}

    /** Lets the work be the manager's one operation. */
    public interface Turn {
        /** Does it when it is its turn. */
        <T> T take(Function<Catalog, T> work);
    }

    private final Installation here;
    private final DrillRecords records;
    private final Turn turn;
    private final RecentEvents recent;
    private final Rehearsals rehearsals;
    private final EventDispatcher events;
    private final ReentrantLock oneAtATime = new ReentrantLock(true);
    private volatile boolean closed;

    /** Nothing is read yet. */
    public Drills(Installation here, Turn turn, RecentEvents recent, HealthBoard board, EventDispatcher events) {
        this.here = here;
        this.records = new DrillRecords(here.state());
        this.turn = turn;
        this.recent = recent;
        this.rehearsals = new Rehearsals(board);
        this.events = events;
    }

    /** Tells health of the last drill of an earlier process, if the state store can be read now. */
    public void recall() {
        quietly("recall the last drill", () -> records.last().ifPresent(rehearsals::know));
    }

    /** How long restores took in the last drill. */
    public MeasuredRestores measured() {
        return rehearsals;
    }

    /** What is remembered of drills. */
    public DrillRecords records() {
        return records;
    }

    /** Takes away the pin of a drill whose process died; none is under way when this is called. Its room was cleaned with the scratch. */
    public static void cleanUp(SnapshotRepository repository, BlobStore state, String lineage) {
        DrillRecords records = new DrillRecords(state);
        records.pinned().ifPresent(id -> {
            repository.unmark(id, Mark.Kind.PINNED, holder(lineage));
            records.ended();
        });
    }

    /** When a drill last restored all of a snapshot with success. */
    public Optional<Instant> lastRestoreTested(SnapshotId id) {
        return here.repository().marks(id).stream()
                .filter(mark ->
                        mark.kind() == Mark.Kind.VERIFIED && mark.holder().equals(HOLDER))
                .map(Mark::at)
                .max(Instant::compareTo);
    }

    /** Runs a drill; see {@link dev.cairn.backup.SnapshotManager#drill}. */
    public DrillReport run(DrillRequest request) {
        if (oneAtATime.isHeldByCurrentThread()) {
            throw new BackupBusyException(
                    "This thread is in the middle of a drill", "Begin no drill in a drill's check");
        }
        try {
            oneAtATime.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException("a drill");
        }
        try {
            ScratchSpace room = request.room().or(here::scratch).orElseThrow(Drills::noRoom);
            request.room().ifPresent(ScratchSpace::clean);
            Begun begun = turn.take(catalog -> begin(catalog, request));
            try {
                return run(begun, request, room);
            } finally {
                release(begun);
            }
        } finally {
            oneAtATime.unlock();
        }
    }

    private static ConfigurationException noRoom() {
        return new ConfigurationException(
                "A drill needs room to restore to, and there is no scratch room",
                "Configure scratch(…), or give the request a room(…)");
    }

    /** A drill whose target is fixed and pinned. */
    private record Begun(String id, Instant at, Optional<SnapshotId> target, String holder) {}

    private Begun begin(Catalog catalog, DrillRequest request) {
        request.target().ifPresent(this::requireThere);
        Optional<SnapshotId> target = request.target().or(() -> newest(catalog, request));
        String holder = holder(catalog.lineage());
        Begun begun = new Begun(records.next(), here.clock().instant(), target, holder);
        target.ifPresent(id -> {
            records.begun(id);
            here.repository()
                    .mark(id, new Mark(Mark.Kind.PINNED, holder, begun.at(), "being restored by " + begun.id()));
        });
        events.publish(new BackupEvent.DrillStarted(begun.at(), begun.id(), target));
        return begun;
    }

    /** One whose manifest is damaged is there: the drill tells. */
    private void requireThere(SnapshotId id) {
        try (SnapshotReader reader = here.repository().read(id)) {
            LOG.trace("{} is there", reader.manifest().metadata().id());
        } catch (DamagedSnapshotException e) {
            LOG.debug("A drill of {} will fail", id, e);
        }
    }

    private static String holder(String lineage) {
        return HOLDER + "-" + lineage;
    }

    private static Optional<SnapshotId> newest(Catalog catalog, DrillRequest request) {
        List<Kept> kept = catalog.kept();
        for (int i = kept.size() - 1; i >= 0; i--) {
            SnapshotMetadata metadata = kept.get(i).metadata();
            boolean holdsAll = request.datasets().names().stream()
                    .allMatch(name -> metadata.dataset(name)
                            .filter(DatasetSummary::present)
                            .isPresent());
            if (kept.get(i).isGood() && holdsAll) {
                return Optional.of(metadata.id());
            }
        }
        return Optional.empty();
    }

    private DrillReport run(Begun begun, DrillRequest request, ScratchSpace room) {
        TimedSteps steps = new TimedSteps(
                begun.id(),
                here.threads(),
                () -> closed || request.cancellation().isCancelled());
        DrillRun run = new DrillRun(begun.id(), request, begun.at(), here.datasets(), room, steps);
        DrillReport report = run.run(() -> begun.target().map(here.repository()::read));
        DrillReport told = report.passed() ? report : withIncident(report, request, run.snapshot());
        if (told.passed() && restoredWhole(request)) {
            quietly("mark the snapshot of " + told.id(), () -> tested(told));
        }
        quietly("remember " + told.id(), () -> records.shown(told));
        rehearsals.know(told);
        events.publish(new BackupEvent.DrillFinished(here.clock().instant(), told));
        return told;
    }

    private static boolean restoredWhole(DrillRequest request) {
        return request.datasets().everything();
    }

    private void tested(DrillReport report) {
        report.snapshot()
                .ifPresent(id -> here.repository()
                        .mark(
                                id,
                                new Mark(
                                        Mark.Kind.VERIFIED,
                                        HOLDER,
                                        here.clock().instant(),
                                        "restored into isolation by " + report.id())));
    }

    private DrillReport withIncident(DrillReport report, DrillRequest request, Optional<SnapshotMetadata> snapshot) {
        IncidentBundle bundle =
                request.incidents().map(IncidentBundle::of).orElseGet(() -> IncidentBundle.within(here.state()));
        try {
            return told(report, report.problems(), Optional.of(bundle.write(report, snapshot, recent.lines(), host())));
        } catch (BackupException e) {
            List<String> problems = new ArrayList<>(report.problems());
            problems.add("the incident bundle could not be written: " + e.getMessage());
            return told(report, problems, Optional.empty());
        }
    }

    private Map<String, String> host() {
        Map<String, String> told = new TreeMap<>();
        told.put("repository", here.repository().describe());
        told.put("state", here.state().describe());
        here.datasets().forEach(dataset -> told.put("dataset " + dataset.name(), dataset.kind()));
        return told;
    }

    private static DrillReport told(DrillReport report, List<String> problems, Optional<String> incident) {
        return new DrillReport(
                report.id(),
                report.snapshot(),
                report.startedAt(),
                report.steps(),
                report.rpoTarget(),
                report.rpoActual(),
                report.rtoTarget(),
                report.rtoActual(),
                report.controlled(),
                problems,
                report.warnings(),
                incident);
    }

    private void release(Begun begun) {
        quietly("take away the pin of " + begun.id(), () -> {
            begun.target().ifPresent(id -> here.repository().unmark(id, Mark.Kind.PINNED, begun.holder()));
            records.ended();
        });
    }

    private static void quietly(String what, Runnable work) {
        try {
            work.run();
        } catch (BackupException e) {
            LOG.warn("Could not {}", what, e);
        }
    }

    /** Ends the drill that runs and waits a moment for it. */
    public void close() {
        closed = true;
        try {
            if (oneAtATime.tryLock(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                oneAtATime.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
