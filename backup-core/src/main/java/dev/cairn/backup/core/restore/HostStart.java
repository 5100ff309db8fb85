package dev.cairn.backup.core.restore;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the values of a restore that was prepared while the host was down to the host that has just started. */
final class HostStart {

    private static final Logger LOG = LoggerFactory.getLogger(HostStart.class);

    private final RestoreRecords records;
    private final List<Dataset> datasets;

    HostStart(RestoreRecords records, List<Dataset> datasets) {
        this.records = records;
        this.datasets = datasets;
    }

    /**
     * Hands over, and ends the restore. A crash in the middle lets the next start do it again.
     *
     * @param newer restores that were prepared after this one: what they hold too is not handed over
     */
    void handOver(RestoreRecords.Pending prepared, List<RestoreRecords.Pending> newer) {
        List<StagedRestore> staged = new ArrayList<>();
        for (RestoreRecords.Target target : prepared.intent().datasets()) {
            if (target.awaited() && !isIn(target, newer)) {
                Optional<Dataset> dataset = datasets.stream()
                        .filter(each ->
                                each.name().equals(target.name()) && each.kind().equals(target.kind()))
                        .findFirst();
                if (dataset.isPresent()) {
                    staged.add(stage(prepared, target, dataset.get()));
                } else {
                    LOG.warn("{} has a value of '{}', which this host does not have", prepared.id(), target.name());
                }
            }
        }
        staged.forEach(StagedRestore::swap); // All could be read: else nothing is handed over.
        staged.forEach(StagedRestore::finish);
        records.ended(prepared.id());
    }

    private static boolean isIn(RestoreRecords.Target target, List<RestoreRecords.Pending> newer) {
        return newer.stream()
                .filter(each -> each.phase() == RestoreRecords.Phase.PREPARED)
                .flatMap(each -> each.intent().datasets().stream())
                .anyMatch(other -> other.awaited() && other.name().equals(target.name()));
    }

    private StagedRestore stage(RestoreRecords.Pending prepared, RestoreRecords.Target target, Dataset dataset) {
        StageContext context = records.context(
                prepared.id(), Instant.parse(prepared.intent().startedAt()), target.name(), new CancellationToken());
        return dataset.stage(
                AwaitedReader.of(context, prepared.intent().targetId(), target.name(), target.kind()), context);
    }
}
