package dev.cairn.backup.core.retain;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.Operation;
import dev.cairn.backup.RetentionDecision;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.core.audit.AuditTrail;
import dev.cairn.backup.core.proof.chain.Proofs;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.StoredSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what retention does not keep. For one caller at a time in this process; other processes may prune and write meanwhile. */
public final class Pruning {

    private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);

    /** A remnant may be a snapshot that another process is writing. Fencing makes its removal safe; waiting makes it rare. */
    private static final Duration REMNANT_REST = Duration.ofHours(1);

    private static final int SHARE_OF_TIME = 20;

    private final SnapshotRepository repository;
    private final Catalog catalog;
    private final RetentionPools pools;
    private final LongSupplier nanos;
    private final AuditTrail trail;
    private final Proofs proofs;
    private final Map<SnapshotId, Long> remnantsSeen = new HashMap<>();
    private boolean unswept = true; // An earlier process may have left something.
    private long nextSweep;

    /** Prunes the catalogue's lineage. */
    public Pruning(
            SnapshotRepository repository,
            Catalog catalog,
            RetentionPools pools,
            LongSupplier nanos,
            AuditTrail trail,
            Proofs proofs) {
        this.repository = repository;
        this.catalog = catalog;
        this.pools = pools;
        this.nanos = nanos;
        this.trail = trail;
        this.proofs = proofs;
        this.nextSweep = nanos.getAsLong();
    }

    /** What retention says now, oldest first. A snapshot that another process deletes before its marks are read seems to have none, and a suspect one would pass for the last good. */
    public List<RetentionDecision> decisions() {
        List<Kept> kept = catalog.kept();
        Set<SnapshotId> left = catalog.own().stream().map(SnapshotMetadata::id).collect(Collectors.toSet());
        return RetentionRules.decide(
                kept.stream()
                        .filter(each -> left.contains(each.metadata().id()))
                        .toList(),
                pools);
    }

    /** Removes what is not kept and answers what it removed, with the reasons. */
    public List<RetentionDecision> prune() {
        List<RetentionDecision> removed = new ArrayList<>();
        Map<SnapshotId, SnapshotMetadata> listed = new HashMap<>();
        for (RetentionDecision decision : decisions()) {
            if (!decision.kept() && !isPinned(decision.snapshot())) {
                if (listed.isEmpty()) {
                    catalog.own().forEach(metadata -> listed.put(metadata.id(), metadata));
                }
                leaveStub(listed.get(decision.snapshot()), String.join("; ", decision.reasons()));
                if (repository.delete(decision.snapshot())) {
                    removed.add(decision);
                }
            }
        }
        unswept |= !removed.isEmpty();
        unswept |= pruneRemnants();
        return removed;
    }

    /** Before it goes, so that nobody ever finds neither. */
    private void leaveStub(@Nullable SnapshotMetadata metadata, String why) {
        if (metadata != null) { // Else another process has removed it since the decision, and left one.
            proofs.removing(metadata, why);
        }
    }

    /** Frees what no snapshot needs any more. */
    public SweepReport sweep(SweepRequest request) {
        long start = nanos.getAsLong();
        SweepReport report = repository
                .maintenance()
                .map(maintenance -> maintenance.sweep(request))
                .orElse(new SweepReport(0, 0, 0, 0, List.of(), Duration.ZERO));
        unswept = report.packsWaiting() > 0;
        nextSweep = nanos.getAsLong() + SHARE_OF_TIME * (nanos.getAsLong() - start);
        return report;
    }

    /** Sweeps if snapshots were removed since the last sweep, and not so often that sweeping takes more than a twentieth of the time. */
    public void sweepIfDue() {
        if (unswept && nanos.getAsLong() - nextSweep >= 0) {
            Operation sweeping = Operation.onRepository(Operation.SWEEP);
            trail.own(Optional.empty(), sweeping, () -> sweep(SweepRequest.defaults()));
        }
    }

    /** A restore in another process may have pinned it since the decision. */
    private boolean isPinned(SnapshotId id) {
        return repository.marks(id).stream().anyMatch(mark -> mark.kind() == Mark.Kind.PINNED);
    }

    private boolean pruneRemnants() {
        boolean any = false;
        long now = nanos.getAsLong();
        List<SnapshotId> remnants = catalog.invalid().stream()
                .filter(StoredSnapshot.Invalid::unfinished)
                .map(StoredSnapshot.Invalid::id)
                .toList();
        remnantsSeen.keySet().retainAll(remnants);
        for (SnapshotId id : remnants) {
            Long seen = remnantsSeen.putIfAbsent(id, now);
            if (seen != null && now - seen >= REMNANT_REST.toNanos() && repository.deleteRemnant(id)) {
                LOG.info("Removed the remnant {} of a snapshot that was never completed", id);
                trail.did("snapshot.remnant.remove", id.value());
                any = true;
            }
        }
        return any;
    }

    /**
     * Removes one snapshot whatever retention says.
     *
     * @throws BackupBusyException if it is pinned or the last good one
     * @throws SnapshotNotFoundException if there is none
     */
    public void delete(SnapshotId id) {
        if (isPinned(id)) {
            throw new BackupBusyException("Snapshot '" + id + "' is pinned", "Unpin it first");
        }
        decisions().stream()
                .filter(decision -> decision.snapshot().equals(id))
                .flatMap(decision -> decision.reasons().stream())
                .filter(reason -> reason.startsWith(RetentionRules.LAST_GOOD))
                .findFirst()
                .ifPresent(reason -> {
                    throw new BackupBusyException(
                            "Snapshot '" + id + "' is the " + reason, "Take another snapshot first");
                });
        proofs.removing(id, "deleted by an operator");
        if (!repository.delete(id)) {
            throw new SnapshotNotFoundException(id);
        }
        unswept = true;
    }
}
