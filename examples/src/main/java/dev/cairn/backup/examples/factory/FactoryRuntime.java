package dev.cairn.backup.examples.factory;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.factory.backups.Datasets;
import dev.cairn.backup.examples.factory.backups.FactoryBackups;
import dev.cairn.backup.examples.factory.backups.Maintenance;
import dev.cairn.backup.examples.factory.backups.ProofArchives;
import dev.cairn.backup.examples.factory.federation.FederationData;
import dev.cairn.backup.examples.factory.federation.FederationSync;
import dev.cairn.backup.examples.factory.federation.Ledger;
import dev.cairn.backup.examples.factory.federation.NonceStore;
import dev.cairn.backup.examples.factory.federation.Proofs;
import dev.cairn.backup.examples.factory.federation.ReceiptStore;
import dev.cairn.backup.examples.factory.govern.AlertSystem;
import dev.cairn.backup.examples.factory.govern.Governance;
import dev.cairn.backup.examples.factory.govern.Health;
import dev.cairn.backup.examples.factory.govern.KeyRegistry;
import dev.cairn.backup.examples.factory.govern.PanicFlag;
import dev.cairn.backup.examples.factory.govern.PanicRecovery;
import dev.cairn.backup.examples.factory.govern.RuntimeLog;
import dev.cairn.backup.examples.factory.resilience.Checklist;
import dev.cairn.backup.examples.factory.resilience.RecoveryProofs;
import dev.cairn.backup.examples.factory.resilience.ResilienceProof;
import dev.cairn.backup.examples.factory.tower.TowerClient;
import dev.cairn.backup.fs.FileAuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The running factory: what there is, opened in the order in which it must be.
 *
 * @param place where it is
 * @param data ledger, nonces, receipts, proofs
 * @param sync takes batches in
 * @param tower the line to the tower
 * @param alerts tells alerts
 * @param panic the panic flag
 * @param backups the manager
 * @param archives the archives of proofs
 * @param maintenance backups that an operator asks for, and what follows a daily one
 * @param health is it well
 * @param governance the gates
 * @param proofs signed proofs of recoveries
 * @param resilience emits them after a restore
 * @param panicRecovery the way out of panic
 * @param audit the audit log
 */
public record FactoryRuntime(
        FactoryPlace place,
        FederationData data,
        FederationSync sync,
        TowerClient tower,
        AlertSystem alerts,
        PanicFlag panic,
        SnapshotManager backups,
        ProofArchives archives,
        Maintenance maintenance,
        Health health,
        Governance governance,
        RecoveryProofs proofs,
        ResilienceProof resilience,
        PanicRecovery panicRecovery,
        AuditLog audit)
        implements AutoCloseable {

    /** The variable that names the environment, such as {@code production} or {@code staging}. */
    static final String ENVIRONMENT = "FACTORY_ENVIRONMENT";

    /**
     * Opens it. A restore that a crash has cut short is ended first.
     *
     * @throws IOException if there is no configuration, which a restore while the factory is down brings back
     */
    public static FactoryRuntime open(FactoryPlace place, TowerClient tower) throws IOException {
        FactoryBackups embedded = new FactoryBackups(place);
        Cairn.recoverPending(embedded.state(), Datasets.of(place));
        if (!Files.exists(place.config().resolve("keys.json"))) {
            throw new IOException(place.config()
                    + " holds no keys.json; bring it back with FactoryRestore before the factory starts");
        }
        settleRecovery(embedded);
        ReentrantLock lock = new ReentrantLock(true);
        KeyRegistry keys = new KeyRegistry(place.config());
        AlertSystem alerts = new AlertSystem(place.config(), place.alerts());
        ProofArchives archives = new ProofArchives(place, Secrets.archive(), Secrets.factory());
        Maintenance maintenance =
                new Maintenance(embedded, archives, alerts, new RuntimeLog(place.logs()), InstantSource.system());
        AuditLog audit = FileAuditLog.at(place.audit(), embedded.state()).open();
        AtomicReference<FactoryRuntime> running = new AtomicReference<>();
        Supplier<FactoryRuntime> self = () -> Objects.requireNonNull(running.get(), "restored before it is open");
        CairnBuilder configured = embedded.online(lock, keys.keys(), audit, InstantSource.system())
                .listener(maintenance)
                .restoreHooks(() -> self.get().letGo(), () -> self.get().data().open())
                .restoreCheck(
                        "ledger_integrity",
                        snapshot -> self.get().data().ledger().problem().isEmpty());
        if (isStaging()) {
            configured.schedulesRunByHost();
        }
        SnapshotManager backups = configured.open();
        FederationData data = new FederationData(
                new Ledger(place.ledger()),
                new NonceStore(place.nonces(), embedded.state(), backups.epoch()),
                new ReceiptStore(place.receipts()),
                new Proofs(place.proofs()),
                Secrets.factory());
        data.open();
        FederationSync sync = new FederationSync(data, tower, keys, lock);
        PanicFlag panic = new PanicFlag(place.panic());
        Health health = new Health(panic, data, sync, alerts, tower);
        Governance governance = new Governance(place.config(), data, sync, backups, panic);
        RecoveryProofs proofs = new RecoveryProofs(place.recovery(), Secrets.factory(), tower);
        Checklist checklist = new Checklist(health, governance, data, sync, tower, alerts, audit, backups::epoch);
        FactoryRuntime runtime = new FactoryRuntime(
                place,
                data,
                sync,
                tower,
                alerts,
                panic,
                backups,
                archives,
                maintenance,
                health,
                governance,
                proofs,
                new ResilienceProof(checklist, proofs),
                new PanicRecovery(panic, data, sync, proofs),
                audit);
        running.set(runtime);
        sync.start();
        alerts.start();
        return runtime;
    }

    /** Whether this is a place to rehearse in: it may be destroyed by a drill, and is backed up when its operator says so, lest a schedule takes what a drill has broken. */
    static boolean isStaging() {
        return "staging".equals(System.getenv(ENVIRONMENT));
    }

    /** The key is in the vault that the environment is filled from; a recovery code would be a second way in. */
    private static void settleRecovery(FactoryBackups embedded) {
        try (PackedRepository repository = embedded.repository()) {
            if (!repository.keys().problems().isEmpty()) {
                repository.keys().declineRecovery("factory", "the key is kept in the vault");
            }
        }
    }

    private void letGo() {
        sync.stop();
        data.close();
    }

    @Override
    public void close() {
        sync.stop();
        backups.close();
        data.close();
        audit.close();
    }
}
