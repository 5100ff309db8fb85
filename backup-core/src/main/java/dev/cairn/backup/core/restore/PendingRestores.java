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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
            if (!isWaiting(pending)) {
                ended.add(recover(pending, datasets));
            }
        }
        return new RecoveryReport(ended);
    }

    /** What is undone, or was prepared, only waits for its host to open. */
    private static boolean isWaiting(RestoreRecords.Pending pending) {
        return pending.phase() == RestoreRecords.Phase.UNDONE || pending.phase() == RestoreRecords.Phase.PREPARED;
    }

    private RecoveryReport.Recovered recover(RestoreRecords.Pending pending, List<Dataset> datasets) {
        boolean done = pending.phase() == RestoreRecords.Phase.DONE;
        Map<Dataset, StagedRestore> found = new LinkedHashMap<>();
        List<String> awaiting = new ArrayList<>();
        for (RestoreRecords.Target target : pending.intent().datasets()) {
            if (!target.inMemory()) {
                Dataset dataset = find(pending, target, datasets);
                found.put(dataset, resume(pending, dataset));
            } else if (target.awaited() == done) {
                awaiting.add(target.name());
            }
        }
        List<StagedRestore> onDisk = new ArrayList<>(found.values());
        Collections.reverse(onDisk);
        if (done) {
            records.trash()
                    .keep(pending.id(), Instant.parse(pending.intent().startedAt()), OptionalLong.empty(), found);
            records.done().keep(pending.id(), pending.intent());
            onDisk.forEach(StagedRestore::finish);
            if (awaiting.isEmpty()) {
                records.ended(pending.id());
            } else {
                records.prepared(pending.id());
            }
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
        require(records.pending());
    }

    /**
     * The same for work on a host that is down, to which another restore may be prepared in the place of one.
     *
     * @throws RestorePendingException if there is
     */
    public void requireNoneButPrepared() {
        require(records.pending().stream()
                .filter(pending -> pending.phase() != RestoreRecords.Phase.PREPARED)
                .toList());
    }

    private static void require(List<RestoreRecords.Pending> all) {
        for (RestoreRecords.Pending pending : all) {
            requireEndedOnDisk(pending);
            throw new RestorePendingException(
                    pending.intent().targetId(),
                    pending.id()
                            + (pending.phase() == RestoreRecords.Phase.PREPARED
                                    ? " was prepared, and its values in memory were not handed over when the host started"
                                    : " was undone, and values in memory of before it were not handed back when the host started"),
                    "Start the host again while its state store can be reached");
        }
    }

    private static void requireEndedOnDisk(RestoreRecords.Pending pending) {
        if (!isWaiting(pending)) {
            throw new RestorePendingException(
                    pending.intent().targetId(),
                    pending.id() + " of snapshot '" + pending.intent().target() + "' was interrupted and is pending",
                    "Call Cairn.recoverPending with the state store and all datasets first thing in main, before anything is loaded");
        }
    }

    /**
     * Hands values in memory back to the host that has just started. What belongs to a dataset that the host has no more is dropped; the restore's safety
     * snapshot has it. What was prepared while the host was down is handed over; of several such restores the newest counts.
     *
     * @throws RestorePendingException if a restore is pending that {@link #recover} has not ended
     */
    public void handBack(List<Dataset> datasets) {
        List<RestoreRecords.Pending> all = records.pending();
        for (int i = 0; i < all.size(); i++) {
            RestoreRecords.Pending pending = all.get(i);
            requireEndedOnDisk(pending);
            if (pending.phase() == RestoreRecords.Phase.PREPARED) {
                new HostStart(records, datasets).handOver(pending, all.subList(i + 1, all.size()));
                continue;
            }
            List<String> missing = new ArrayList<>();
            for (RestoreRecords.Target target : pending.intent().datasets()) {
                if (target.inMemory() && !target.awaited()) {
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
