package dev.cairn.backup.core.restore;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.PastRestore;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.core.capture.CaptureOrder;
import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.core.capture.SnapshotTaking;
import dev.cairn.backup.core.cursor.CursorDataset;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.core.lineage.Lineage;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.cursor.StaleEpochException;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A restore with all that belongs to it: the verdict once more, pins, the safety snapshot, events, and the timeline it leaves behind. */
public final class Restoring {

    private static final Logger LOG = LoggerFactory.getLogger(Restoring.class);
    static final String SAFETY = "safety";

    private final SnapshotRepository repository;
    private final RestoreRecords records;
    private final RestorePlanner planner;
    private final SnapshotTaking taking;
    private final Catalog catalog;
    private final Timelines timelines;
    private final Epochs epochs;
    private final RestoreExecution.HostSide host;
    private final HealthBoard board;
    private final EventDispatcher events;
    private final InstantSource clock;
    private final RestoreRates rates;
    private final TrashRollback rollbacks;

    /** Restores from the repository, with records in the state store. */
    public Restoring(
            SnapshotRepository repository,
            BlobStore state,
            RestorePlanner planner,
            SnapshotTaking taking,
            Catalog catalog,
            Lineage lineage,
            Epochs epochs,
            RestoreExecution.HostSide host,
            HealthBoard board,
            EventDispatcher events,
            InstantSource clock,
            RestoreRates rates,
            RestoreTrash trash) {
        this.repository = repository;
        this.records = new RestoreRecords(state);
        this.planner = planner;
        this.taking = taking;
        this.catalog = catalog;
        this.timelines = new Timelines(repository, catalog, lineage, planner.datasetNames(), clock);
        this.epochs = epochs;
        this.host = host;
        this.board = board;
        this.events = events;
        this.clock = clock;
        this.rates = rates;
        this.rollbacks = new TrashRollback(repository, records, trash, epochs, host, events, clock);
    }

    /** Carries out a plan whose verdict is computed again. */
    public RestoreReport restore(RestorePlan plan, RestorePlanner.Installation here) {
        SnapshotId target = plan.request().target();
        try (SnapshotReader reader = planner.open(plan.request())) {
            SnapshotMetadata snapshot = reader.manifest().metadata();
            RestoreVerdict verdict = planner.verdict(snapshot, plan.request(), here);
            requirePermission(plan.request(), snapshot, verdict);
            planner.requireFresh(plan, snapshot);
            return restore(reader, plan.request(), verdict);
        } catch (BackupException e) {
            board.restoreFailed();
            tell(target, e);
            throw e;
        }
    }

    /** Brings back the state before a restore, from its trash while that is whole, else from its safety snapshot, which needs no verdict. */
    public RestoreReport rollback(PastRestore restored) {
        Optional<RestoreTrash.Image> image = rollbacks.image(restored);
        return image.isPresent() ? rollbackFrom(image.get(), restored) : rollbackToSafety(restored);
    }

    /** The last restore that was done, in whichever process. */
    public Optional<PastRestore> last() {
        return records.done().last();
    }

    private RestoreReport rollbackFrom(RestoreTrash.Image image, PastRestore restored) {
        SnapshotMetadata told = rollbacks.told(restored, image);
        try {
            RestoreReport back = rollbacks.run(restored, image, told);
            if (restored.safetySnapshot().equals(Optional.of(told.id()))) {
                boolean whole = restored.paths().isEmpty();
                timelines.leave(
                        told,
                        Optional.empty(),
                        back.restoreId(),
                        whole ? List.copyOf(image.old().keySet()) : List.of());
            }
            timelines.rejoin(restored.restoreId());
            board.restored(clock.instant());
            events.publish(new BackupEvent.RestoreCompleted(clock.instant(), back));
            return back;
        } catch (BackupException e) {
            board.restoreFailed();
            tell(told.id(), e);
            throw e;
        }
    }

    private RestoreReport rollbackToSafety(PastRestore restored) {
        SnapshotId safety = restored.safetySnapshot()
                .orElseThrow(() -> new RestoreRefusedException(
                        restored.snapshot(),
                        "Restore " + restored.restoreId() + " had no safety snapshot",
                        "Choose a snapshot from list() and restore it",
                        null));
        try (SnapshotReader reader = repository.read(safety)) {
            requireWhole(restored, reader.manifest().metadata());
            Duration age = Duration.between(reader.manifest().metadata().createdAt(), clock.instant());
            RestoreRequest request = RestoreRequest.of(safety)
                    .datasets(DatasetSelection.only(restored.datasets().toArray(String[]::new)));
            for (Map.Entry<String, List<EntryPath>> paths : restored.paths().entrySet()) {
                request = request.paths(paths.getKey(), paths.getValue());
            }
            RestoreReport back =
                    restore(reader, request, new RestoreVerdict.Ok(age.isNegative() ? Duration.ZERO : age));
            timelines.rejoin(restored.restoreId());
            return back;
        } catch (BackupException e) {
            board.restoreFailed();
            tell(safety, e);
            throw e;
        }
    }

    /** Half a rollback would be a mixture. */
    private static void requireWhole(PastRestore restored, SnapshotMetadata safety) {
        List<String> missing = restored.datasets().stream()
                .filter(name -> safety.dataset(name).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            throw new RestoreRefusedException(
                    safety.id(),
                    "Safety snapshot '" + safety.id() + "' lacks " + missing
                            + ", which could not be read before restore " + restored.restoreId(),
                    "What was replaced is kept as trash beside the data; restore the rest with RestoreRequest.of(SnapshotId.of(\""
                            + safety.id() + "\"))",
                    null);
        }
    }

    private void tell(SnapshotId target, BackupException e) {
        if (e instanceof RestoreFailedException failed) {
            events.publish(new BackupEvent.RestoreFailed(clock.instant(), target, failed.rolledBack(), e.getMessage()));
        } else if (e instanceof RestoreRefusedException refused) {
            events.publish(new BackupEvent.RestoreRefused(clock.instant(), target, refused.verdict(), e.getMessage()));
        } else {
            events.publish(new BackupEvent.RestoreFailed(clock.instant(), target, true, e.getMessage()));
        }
    }

    private static void requirePermission(RestoreRequest request, SnapshotMetadata snapshot, RestoreVerdict verdict) {
        if (verdict instanceof RestoreVerdict.VersionAhead ahead) {
            throw new RestoreRefusedException(
                    snapshot.id(),
                    "Snapshot '" + snapshot.id() + "' has version " + ahead.snapshotVersion()
                            + ", the host never had more than " + ahead.currentVersion(),
                    "Do not restore it: this cannot be overridden; find out where the snapshot comes from and choose another",
                    verdict);
        }
        if (verdict instanceof RestoreVerdict.TooOld tooOld
                && request.approval().isEmpty()) {
            String what = request.point()
                    .map(point -> "Point " + point.position() + " of dataset '" + point.dataset() + "'")
                    .orElse("Snapshot '" + snapshot.id() + "'");
            String again = request.point()
                    .map(point -> "RestoreRequest.of(point)")
                    .orElse("RestoreRequest.of(SnapshotId.of(\"" + snapshot.id() + "\"))");
            throw new RestoreRefusedException(
                    snapshot.id(),
                    what + " is " + tooOld.age().toSeconds() + " s old, at most "
                            + tooOld.maxAge().toSeconds() + " s is allowed",
                    "Choose a newer one, or let an operator approve it: " + again
                            + ".approvedBy(\"<operator>\", \"<reason>\")",
                    verdict);
        }
    }

    private RestoreReport restore(SnapshotReader reader, RestoreRequest request, RestoreVerdict verdict) {
        SnapshotMetadata snapshot = reader.manifest().metadata();
        Instant startedAt = clock.instant();
        List<String> warnings = new ArrayList<>();
        List<Dataset> targets = planner.targets(snapshot, request.datasets(), warnings);
        events.publish(new BackupEvent.RestoreStarted(startedAt, snapshot.id(), verdict, request.approval()));
        repository.mark(snapshot.id(), pin(targetHolder(), "being restored"));
        try {
            long start = System.nanoTime();
            Optional<SnapshotId> safety = safetySnapshot(snapshot, request, warnings);
            Duration safetyTook = Duration.ofNanos(System.nanoTime() - start);
            RestoreExecution.Done done = execute(reader, request, targets, safety, startedAt);
            Map<String, Duration> steps = new LinkedHashMap<>();
            steps.put(SAFETY, safetyTook);
            steps.putAll(done.steps());
            // What is laid over live data, or beside other paths, leaves the timeline of the rest as it is.
            boolean whole = request.paths().isEmpty() && !request.overlaid();
            timelines.leave(snapshot, safety, done.id(), whole ? targets : List.of());
            RestoreReport report = new RestoreReport(
                    done.id(),
                    snapshot,
                    verdict,
                    request.approval(),
                    safety,
                    targets.stream().map(Dataset::name).toList(),
                    epochs.current(),
                    startedAt,
                    steps,
                    warnings,
                    request.point(),
                    request.paths());
            board.restored(clock.instant());
            events.publish(new BackupEvent.RestoreCompleted(clock.instant(), report));
            return report;
        } finally {
            release(snapshot.id());
        }
    }

    private RestoreExecution.Done execute(
            SnapshotReader reader,
            RestoreRequest request,
            List<Dataset> targets,
            Optional<SnapshotId> safety,
            Instant startedAt) {
        SnapshotMetadata snapshot = reader.manifest().metadata();
        long bytes = targets.stream()
                .mapToLong(target -> reader.dataset(target.name()).summary().bytes())
                .sum();
        ProgressMeter meter = new ProgressMeter(
                "stage", OptionalLong.of(bytes), progress -> events.progress(request.progress(), progress));
        RestoreSource source = RestoreSource.of(new MeteredSnapshot(reader, meter), request::scope);
        RestoreExecution.Done done = new RestoreExecution(records, epochs, host, snapshot)
                .run(source, targets, safety, startedAt, request.cancellation());
        if (request.paths().isEmpty()) { // Else it is not known how much of each was staged.
            rates.remember(targets.stream()
                    .map(target -> new RestoreRates.Measured(
                            target.kind(),
                            summaryOf(snapshot, target).bytes(),
                            done.staged().getOrDefault(target.name(), Duration.ZERO)))
                    .toList());
        }
        return done;
    }

    private static DatasetSummary summaryOf(SnapshotMetadata snapshot, Dataset target) {
        return snapshot.dataset(target.name()).orElseThrow();
    }

    /** Takes away the pins of restores that ended with their process; none is under way when this is called. */
    public void releaseTargets() {
        List<SnapshotId> all = catalog.all().stream().map(SnapshotMetadata::id).toList();
        repository.marks(all).forEach((id, marks) -> {
            if (marks.stream().anyMatch(this::holdsTarget)) {
                release(id);
            }
        });
    }

    private boolean holdsTarget(Mark mark) {
        return mark.kind() == Mark.Kind.PINNED && mark.holder().equals(targetHolder());
    }

    /** Two lineages may restore one snapshot, and neither must take away the other's pin. */
    private String targetHolder() {
        return "restore-" + catalog.lineage();
    }

    private void release(SnapshotId target) {
        try {
            repository.unmark(target, Mark.Kind.PINNED, targetHolder());
        } catch (BackupException e) {
            LOG.warn("Snapshot {} stays pinned as the target of a restore", target, e);
        }
    }

    /** All that can be read of the present state; a dataset that cannot, perhaps the reason for the restore, is kept as trash only. */
    private Optional<SnapshotId> safetySnapshot(
            SnapshotMetadata target, RestoreRequest request, List<String> warnings) {
        Set<String> readable = new LinkedHashSet<>(planner.datasetNames());
        while (!readable.isEmpty()) {
            try {
                CaptureOrder order = CaptureOrder.of(
                                SnapshotTrigger.MANUAL,
                                DatasetSelection.only(readable.toArray(String[]::new)),
                                request.cancellation())
                        .safetyFor(target.id());
                Mark pin = pin(SAFETY, "the state before restoring " + target.id());
                return Optional.of(
                        taking.take(order, Optional.of(pin)).metadata().id());
            } catch (SourceException e) {
                warnings.add("dataset '" + e.dataset() + "' is not in the safety snapshot and is kept as trash only: "
                        + e.getMessage());
                if (!readable.remove(e.dataset())) {
                    break;
                }
            } catch (StaleEpochException e) {
                warnings.add("the cursors are not in the safety snapshot: " + e.getMessage());
                if (!readable.remove(CursorDataset.NAME)) {
                    break;
                }
            } catch (BackupCancelledException e) {
                throw e;
            } catch (BackupException e) {
                warnings.add("there is no safety snapshot, the state before the restore is kept as trash only: "
                        + e.getMessage());
                break;
            }
        }
        return Optional.empty();
    }

    private Mark pin(String holder, String reason) {
        return new Mark(Mark.Kind.PINNED, holder, clock.instant(), reason);
    }
}
