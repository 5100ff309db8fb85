package dev.cairn.backup.examples.factory;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.factory.backups.Datasets;
import dev.cairn.backup.examples.factory.backups.DatedSnapshots;
import dev.cairn.backup.examples.factory.backups.FactoryBackups;
import dev.cairn.backup.examples.factory.backups.StoredProofs;
import dev.cairn.backup.examples.factory.federation.FederationSync;
import dev.cairn.backup.examples.factory.federation.Ledger;
import dev.cairn.backup.examples.factory.govern.Check;
import dev.cairn.backup.examples.factory.govern.Check.Finding;
import dev.cairn.backup.examples.factory.govern.Governance;
import dev.cairn.backup.examples.factory.govern.PanicRecovery;
import dev.cairn.backup.examples.factory.resilience.Recovery;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The quarterly drill, in a staging environment only: the ledger is deleted, the proofs are corrupted, the panic flag is raised; then the factory recovers by itself and shows what came back. Before
 * that the engine rehearses a restore apart from everything, which production does as well.
 */
final class QuarterlyDrill {

    private static final Duration CHECK_TIMEOUT = Duration.ofMinutes(1);

    private final FactoryRuntime factory;
    private final Restores restores;

    QuarterlyDrill(FactoryRuntime factory, Restores restores) {
        this.factory = factory;
        this.restores = restores;
    }

    /**
     * What there was before.
     *
     * @param snapshot what will be restored
     * @param proofs how many proofs
     * @param nonces all nonces
     * @param late a batch that came in after the snapshot, as it was sent
     */
    private record Before(SnapshotMetadata snapshot, int proofs, List<String> nonces, String late) {}

    SignedStatement run() throws Exception {
        if (!FactoryRuntime.isStaging()) {
            throw new IllegalStateException("the drill destroys what it recovers: it runs only where "
                    + FactoryRuntime.ENVIRONMENT + " is 'staging', which it is not here");
        }
        rehearse();
        Before before = before();
        disaster();
        Check noticed = noticed();
        Recovery recovery = new Recovery("quarterly drill", Instant.now());
        restores.full(recovery, before.snapshot());
        PanicRecovery.Outcome panic =
                recovery.step("panic recovery", () -> factory.panicRecovery().recover());
        return restores.finish(recovery, outcomes(before, noticed, panic));
    }

    /** Restored into isolation, asked, and once more with a damaged copy that must be found out. */
    private void rehearse() {
        DrillReport report = factory.backups()
                .drill(DrillRequest.latest()
                        .datasets(DatasetSelection.only(FactoryRestore.FULL.toArray(String[]::new)))
                        .objectives(Datasets.DAILY_RPO, Datasets.RTO)
                        .check("ledger-intact", CHECK_TIMEOUT, place -> {
                            try (Ledger copy = new Ledger(place.path(Datasets.LEDGER))) {
                                copy.open();
                                return copy.problem().isEmpty();
                            }
                        })
                        .withControl());
        if (!report.passed()) {
            throw new IllegalStateException("the rehearsal has failed, so nothing is destroyed: " + report.problems());
        }
    }

    private Before before() throws Exception {
        SnapshotMetadata snapshot = DatedSnapshots.find(factory.backups(), DatedSnapshots.LATEST, FactoryRestore.FULL);
        String late = factory.tower().batch("drill", factory.backups().epoch(), 16);
        if (!factory.sync().accept(late).accepted()) {
            throw new IllegalStateException("the sync takes nothing in, so there is nothing to drill");
        }
        return new Before(
                snapshot,
                factory.data().proofs().digests().size(),
                factory.data().nonces().nonces(),
                late);
    }

    private void disaster() throws IOException {
        Files.delete(factory.place().ledger());
        for (String proof : factory.data().proofs().digests().keySet()) {
            Path file = factory.place().proofs().resolve(proof);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        factory.panic().raise("");
    }

    /** Whether governance has noticed all three: a drill that has destroyed nothing shows nothing. */
    private Check noticed() {
        return Check.ask("disaster_noticed", () -> {
            List<String> failing = factory.governance().evaluate().stream()
                    .filter(gate -> !gate.isPassed())
                    .map(Check::getName)
                    .toList();
            return new Finding(
                    failing.containsAll(List.of("ledger-intact", "proofs-continuous", "no-panic")),
                    "gates that fail: " + failing);
        });
    }

    private List<Check> outcomes(Before before, Check noticed, PanicRecovery.Outcome panic) {
        List<Check> checks = new ArrayList<>();
        checks.add(noticed);
        checks.add(Check.ask("all_proofs_restored", () -> allBack(before)));
        checks.add(Check.ask("chain_continuous", () -> {
            List<String> breaks = factory.data().proofs().breaks(factory.data().entries());
            boolean intact = factory.backups().verifyChain().intact()
                    && factory.data().ledger().problem().isEmpty();
            return new Finding(intact && breaks.isEmpty(), breaks.toString());
        }));
        checks.add(Check.ask("sync_resumed", () -> {
            FederationSync.Outcome outcome =
                    factory.sync().pull("drill", factory.backups().epoch(), 16);
            return new Finding(outcome.accepted(), outcome.toString());
        }));
        checks.add(Check.ask("nonce_store_rebuilt", () -> {
            List<String> missing = new ArrayList<>(before.nonces());
            missing.removeAll(factory.data().nonces().nonces());
            return new Finding(missing.isEmpty(), "missing: " + missing);
        }));
        checks.add(Check.ask("late_replay_refused", () -> {
            FederationSync.Outcome outcome = factory.sync().accept(before.late());
            return new Finding(!outcome.accepted(), outcome.toString());
        }));
        checks.add(Check.ask(
                "tower_receipts_verified",
                () -> new Finding(factory.sync().everyReceiptIsVerified(), "each receipt of the ledger")));
        checks.add(Check.ask(
                "governance_gates_pass",
                () -> new Finding(Governance.pass(factory.governance().evaluate()), "all gates of the policies")));
        checks.add(Check.ask("panic_recovered", () -> new Finding(panic.recovered(), panic.detail())));
        return checks;
    }

    /** Every proof of the snapshot is back as it was, and there is no other. */
    private Finding allBack(Before before) throws IOException {
        Map<String, String> now = factory.data().proofs().texts();
        Map<String, String> stored;
        try (PackedRepository repository = new FactoryBackups(factory.place()).repository();
                SnapshotReader snapshot = repository.read(before.snapshot().id())) {
            stored = StoredProofs.texts(snapshot);
        }
        return new Finding(
                !stored.isEmpty() && now.equals(stored),
                now.size() + " of " + stored.size() + " proofs of "
                        + before.snapshot().id() + " are back; there were " + before.proofs() + " before the disaster");
    }
}
