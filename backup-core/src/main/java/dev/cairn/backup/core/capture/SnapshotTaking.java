package dev.cairn.backup.core.capture;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.core.lineage.Lineage;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.proof.chain.Proofs;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.core.retain.SuspectRule;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One snapshot with all that belongs to it: comparison with the last good one, pins, health, events, and what the lineage remembers. */
public final class SnapshotTaking {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotTaking.class);

    private final SnapshotCapture capture;
    private final SnapshotRepository repository;
    private final Catalog catalog;
    private final Lineage lineage;
    private final HealthBoard board;
    private final EventDispatcher events;
    private final InstantSource clock;
    private final Proofs proofs;

    /** Takes snapshots with that capture. */
    public SnapshotTaking(
            SnapshotCapture capture,
            SnapshotRepository repository,
            Catalog catalog,
            Lineage lineage,
            HealthBoard board,
            EventDispatcher events,
            InstantSource clock,
            Proofs proofs) {
        this.capture = capture;
        this.repository = repository;
        this.catalog = catalog;
        this.lineage = lineage;
        this.board = board;
        this.events = events;
        this.clock = clock;
        this.proofs = proofs;
    }

    /**
     * Takes the snapshot; when this returns it is durable.
     *
     * @param pin who pins it and why; empty for no pin
     * @throws BackupException if it was not taken, after health and listeners were told
     */
    public SnapshotReport take(CaptureOrder order, Optional<Mark> pin) {
        events.publish(new BackupEvent.SnapshotStarted(clock.instant(), order.trigger(), order.schedule()));
        long start = System.nanoTime();
        try {
            List<Kept> before = catalog.toContinue();
            List<String> suspicions = new ArrayList<>();
            SnapshotManifest manifest = capture.take(order, parent(before), metadata -> {
                // A safety snapshot is taken because something is wrong; it is never measured, nor measured against.
                if (metadata.safetyFor().isEmpty()) {
                    suspicions.addAll(SuspectRule.suspicions(before, metadata.datasets(), lineage.lastRestoreAfter()));
                }
                // Before it is listed: a crash in between must not make a suspect snapshot a good one, nor lose its
                // pin.
                mark(metadata.id(), suspicions, pin);
            });
            proofs.committed(manifest);
            SnapshotMetadata metadata = manifest.metadata();
            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
            SnapshotReport report =
                    new SnapshotReport(metadata, manifest.barrierHeld(), elapsed, suspicions, manifest.warnings());
            remember(order, report);
            board.snapshotCompleted(report);
            listed(before, report);
            events.publish(new BackupEvent.SnapshotCompleted(clock.instant(), report));
            return report;
        } catch (BackupException e) {
            board.snapshotFailed(e.getMessage());
            if (order.schedule().isEmpty()) {
                events.publish(new BackupEvent.SnapshotFailed(
                        clock.instant(), order.trigger(), order.schedule(), e.getMessage(), 1, Optional.empty()));
            }
            throw e;
        }
    }

    /** What the repository holds now, known without listing it once more. */
    private void listed(List<Kept> before, SnapshotReport report) {
        List<Kept> all = new ArrayList<>(before.size() + 1);
        all.addAll(before);
        List<Mark> marks = report.suspicions().isEmpty() ? List.of() : List.of(suspicion(report.suspicions()));
        all.add(new Kept(report.metadata(), marks));
        board.listed(all);
    }

    private SnapshotCapture.Parent parent(List<Kept> before) {
        Optional<SnapshotMetadata> newest = SuspectRule.newest(before, metadata -> true);
        return new SnapshotCapture.Parent(
                catalog.lineage(),
                newest.map(SnapshotMetadata::id),
                newest.map(metadata -> OptionalLong.of(metadata.sizeBytes())).orElse(OptionalLong.empty()),
                SuspectRule.holding(before),
                proofs.previous(before.stream().map(Kept::metadata).toList()));
    }

    private void mark(SnapshotId id, List<String> suspicions, Optional<Mark> pin) {
        if (!suspicions.isEmpty()) {
            repository.mark(id, suspicion(suspicions));
        }
        pin.ifPresent(mark -> repository.mark(id, mark));
    }

    private Mark suspicion(List<String> suspicions) {
        return new Mark(Mark.Kind.SUSPECT, "cairn", clock.instant(), String.join("; ", suspicions));
    }

    /** The snapshot is durable; what cannot be remembered of it is a nuisance, not a failure. */
    private void remember(CaptureOrder order, SnapshotReport report) {
        try {
            if (report.metadata().projectionVersion().isPresent()) {
                lineage.reached(report.metadata().projectionVersion().getAsLong());
            }
            if (order.datasets().everything()) {
                lineage.took(report.elapsed());
            }
        } catch (BackupException e) {
            LOG.warn(
                    "The state store could not be updated after snapshot {}",
                    report.metadata().id(),
                    e);
        }
    }
}
