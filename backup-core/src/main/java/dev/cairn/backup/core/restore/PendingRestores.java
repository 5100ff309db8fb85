package dev.cairn.backup.core.restore;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.RecoveryReport;
import dev.cairn.backup.RestorePendingException;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.StagedRestore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends restores that a process left unfinished. Data on disk is ended before the host has loaded anything; values in memory are handed back when the
 * manager opens, because only then is there someone to take them.
 */
public final class PendingRestores {

    private static final Logger LOG = LoggerFactory.getLogger(PendingRestores.class);

    private final RestoreRecords records;

    /** The pending restores that the state store tells of. */
    public PendingRestores(BlobStore state) {
        this.records = new RestoreRecords(state);
    }

    /**
     * Finishes or undoes what is pending. May itself be interrupted at any point and run again.
     *
     * @throws RestorePendingException if a dataset on disk that a restore is about is not among the given
     */
    public RecoveryReport recover(List<Dataset> datasets) {
        List<RecoveryReport.Recovered> ended = new ArrayList<>();
        for (RestoreRecords.Pending pending : records.pending()) {
            if (pending.phase() != RestoreRecords.Phase.UNDONE) { // What is undone only waits for its host to open.
                ended.add(recover(pending, datasets));
            }
        }
        return new RecoveryReport(ended);
    }

    private RecoveryReport.Recovered recover(RestoreRecords.Pending pending, List<Dataset> datasets) {
        boolean done = pending.phase() == RestoreRecords.Phase.DONE;
        List<StagedRestore> onDisk = new ArrayList<>();
        List<String> awaiting = new ArrayList<>();
        for (RestoreRecords.Target target : pending.intent().datasets()) {
            if (target.inMemory()) {
                awaiting.add(target.name());
            } else {
                onDisk.add(resume(pending, find(pending, target, datasets)));
            }
        }
        Collections.reverse(onDisk);
        if (done) {
            onDisk.forEach(StagedRestore::finish);
            records.ended(pending.id());
            awaiting.clear();
        } else {
            if (!records.decideUndone(pending.id())) {
                return recover(records.again(pending), datasets); // It was decided meanwhile that it is done.
            }
            onDisk.forEach(StagedRestore::rollback);
            records.undone(pending.id());
            if (awaiting.isEmpty()) {
                records.ended(pending.id());
            }
        }
        LOG.warn(
                "{} of snapshot {} was interrupted and has been {}",
                pending.id(),
                pending.intent().target(),
                done ? "finished" : "undone");
        return new RecoveryReport.Recovered(
                pending.id(),
                pending.intent().targetId(),
                pending.intent().safetyId(),
                done ? RecoveryReport.Outcome.FINISHED : RecoveryReport.Outcome.UNDONE,
                List.copyOf(awaiting));
    }

    /**
     * Whether nothing is left to be ended or handed back; for a manager that is open already, whose host has gone on since.
     *
     * @throws RestorePendingException if there is
     */
    public void requireNone() {
        for (RestoreRecords.Pending pending : records.pending()) {
            requireUndone(pending);
            throw new RestorePendingException(
                    pending.intent().targetId(),
                    pending.id()
                            + " was undone, and values in memory of before it were not handed back when the host started",
                    "Start the host again while its state store can be reached");
        }
    }

    private static void requireUndone(RestoreRecords.Pending pending) {
        if (pending.phase() != RestoreRecords.Phase.UNDONE) {
            throw new RestorePendingException(
                    pending.intent().targetId(),
                    pending.id() + " of snapshot '" + pending.intent().target() + "' was interrupted and is pending",
                    "Call Cairn.recoverPending with the state store and all datasets first thing in main, before anything is loaded");
        }
    }

    /**
     * Hands values in memory back to the host that has just started. What belongs to a dataset that the host has no more is dropped; the restore's safety
     * snapshot has it.
     *
     * @throws RestorePendingException if a restore is pending that {@link #recover} has not ended
     */
    public void handBack(List<Dataset> datasets) {
        for (RestoreRecords.Pending pending : records.pending()) {
            requireUndone(pending);
            List<String> missing = new ArrayList<>();
            for (RestoreRecords.Target target : pending.intent().datasets()) {
                if (target.inMemory()) {
                    byName(target.name(), datasets)
                            .ifPresentOrElse(
                                    dataset -> resume(pending, dataset).rollback(), () -> missing.add(target.name()));
                }
            }
            if (!missing.isEmpty()) {
                LOG.warn("{} had values of {}, which this host does not have any more", pending.id(), missing);
            }
            records.ended(pending.id());
        }
    }

    private StagedRestore resume(RestoreRecords.Pending pending, Dataset dataset) {
        return dataset.resume(records.context(
                pending.id(), Instant.parse(pending.intent().startedAt()), dataset.name(), new CancellationToken()));
    }

    private static Dataset find(RestoreRecords.Pending pending, RestoreRecords.Target target, List<Dataset> datasets) {
        return byName(target.name(), datasets)
                .filter(dataset -> dataset.kind().equals(target.kind()))
                .orElseThrow(() -> new RestorePendingException(
                        pending.intent().targetId(),
                        pending.id() + " of snapshot '" + pending.intent().target()
                                + "' is pending and is about the dataset '" + target.name() + "' of kind '"
                                + target.kind() + "', which was not given",
                        "Pass the dataset '" + target.name() + "' to Cairn.recoverPending as well"));
    }

    private static Optional<Dataset> byName(String name, List<Dataset> datasets) {
        return datasets.stream().filter(dataset -> dataset.name().equals(name)).findFirst();
    }
}
