package dev.cairn.backup.examples.factory.backups;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DrillPolicy;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.Objective;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.Cron;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.examples.factory.FactoryPlace;
import dev.cairn.backup.examples.factory.Secrets;
import dev.cairn.backup.examples.factory.govern.RuntimeLog;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FileScratch;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.KeyProvider;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.locks.ReentrantLock;

/** How the factory embeds Cairn: all of it. */
public final class FactoryBackups {

    /** The label of the snapshots of recovery proofs, which are kept for ever. */
    public static final String RECOVERY = "recovery-proofs";

    private final FactoryPlace place;
    private final KeyProvider key;

    /** With the key from the environment. */
    public FactoryBackups(FactoryPlace place) {
        this(place, Secrets.repository());
    }

    /** With another holder of the key. */
    public FactoryBackups(FactoryPlace place, KeyProvider key) {
        this.place = place;
        this.key = key;
    }

    /** The repository in the vault. */
    public PackedRepository repository() {
        return PackedRepository.at(FileBlobStore.at(place.repository()), key);
    }

    /** The engine's state store. */
    public BlobStore state() {
        return FileBlobStore.at(place.state());
    }

    /** What a restore while the host is down needs. */
    public CairnBuilder offline() {
        return Cairn.builder()
                .repository(repository())
                .state(state())
                .scratch(FileScratch.at(place.scratch()))
                .datasets(Datasets.of(place))
                .maxAge(Datasets.OLDEST);
    }

    /**
     * What the runtime opens at its start, but for its hooks.
     *
     * @param lock the factory's lock: the barrier
     * @param keys whose signatures count
     * @param clock the wall clock
     */
    public CairnBuilder online(ReentrantLock lock, ReceiptKeys keys, AuditLog audit, InstantSource clock) {
        return scheduled(offline(), lock, clock)
                .receipts(Secrets.factory())
                .receiptKeys(keys)
                .audit(audit)
                .drills(DrillPolicy.of(
                        Recurrence.on(Cron.of("0 5 1 1,4,7,10 *"), ZoneOffset.UTC),
                        DrillRequest.latest().objectives(Datasets.DAILY_RPO, Datasets.RTO)));
    }

    /** Every kind with its schedule and its retention; one that an operator asks for is kept as long as a scheduled one. */
    public CairnBuilder scheduled(CairnBuilder builder, ReentrantLock lock, InstantSource clock) {
        RuntimeLog logs = new RuntimeLog(place.logs());
        builder.clock(clock)
                .barrier(action -> {
                    lock.lock();
                    try {
                        logs.rotate(clock.instant());
                        action.run();
                    } finally {
                        lock.unlock();
                    }
                })
                .labelRetention(RECOVERY, Retention.keepAll())
                .objective(DatasetSelection.all(), Objective.of(Datasets.DAILY_RPO, Datasets.RTO))
                .objective(DatasetSelection.only(Datasets.PROOFS), Objective.of(Datasets.PROOFS_RPO, Datasets.RTO));
        for (Kind kind : Kind.values()) {
            builder.schedule(kind.label(), kind.when(), kind.datasets(), kind.retention())
                    .labelRetention(kind.label(), kind.retention());
        }
        return builder;
    }
}
