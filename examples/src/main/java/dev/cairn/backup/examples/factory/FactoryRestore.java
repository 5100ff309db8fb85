package dev.cairn.backup.examples.factory;

import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.examples.factory.backups.Datasets;
import dev.cairn.backup.examples.factory.backups.DatedSnapshots;
import dev.cairn.backup.examples.factory.backups.FactoryBackups;
import dev.cairn.backup.examples.factory.federation.Proofs;
import dev.cairn.backup.examples.factory.resilience.Recovery;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Full restore while the factory is down: {@code FactoryRestore <home> <vault> <date|latest> [--verify]}. What it has done is noted for the factory's next start, which checks it and emits the proof. */
public final class FactoryRestore {

    /** What a full restore brings back. Logs stay as they are, and proofs of recoveries are never taken back. */
    static final List<String> FULL =
            List.of(Datasets.PROOFS, Datasets.CONFIG, Datasets.LEDGER, Datasets.NONCES, Datasets.RECEIPTS);

    private FactoryRestore() {}

    /** Exit code 0 if it is restored, 1 if the snapshot is damaged; whatever else goes wrong ends with its message and 1. */
    public static void main(String[] args) throws Exception {
        FactoryPlace place = new FactoryPlace(Path.of(args[0]), Path.of(args[1]));
        System.exit(new FactoryRestore().run(place, args[2], args.length > 3 && args[3].equals("--verify")) ? 0 : 1);
    }

    static Path note(FactoryPlace place) {
        return place.recovery().resolve("restored-while-down.json");
    }

    private boolean run(FactoryPlace place, String date, boolean verify) throws Exception {
        Recovery recovery = new Recovery("full restore", Instant.now());
        FactoryBackups embedded = new FactoryBackups(place);
        recovery.step("end what a crash cut short", () -> Cairn.recoverPending(embedded.state(), Datasets.of(place)));
        try (SnapshotManager backups = embedded.offline().openWhileHostIsDown()) {
            SnapshotMetadata snapshot = DatedSnapshots.find(backups, date, FULL);
            if (verify) {
                VerificationReport verified = recovery.step("verify the snapshot", () -> backups.verify(snapshot.id()));
                System.out.println("VERIFIED " + verified.entries() + " entries, " + verified.problems());
                if (!verified.passed()) {
                    return false;
                }
            }
            RestorePlan plan = backups.plan(
                    RestoreRequest.of(snapshot.id()).datasets(DatasetSelection.only(FULL.toArray(String[]::new))));
            plan.datasets()
                    .forEach(dataset -> System.out.println("PLAN " + dataset.dataset() + ": create " + dataset.create()
                            + ", replace " + dataset.replace() + ", remove " + dataset.remove()));
            RestoreReport report = backups.restore(plan);
            report.steps().forEach((name, elapsed) -> recovery.did("restore: " + name, elapsed));
            recovery.restored(report.snapshot(), report.datasets());
            write(place, recovery);
            System.out.println("RESTORED " + snapshot.id() + " of " + DatedSnapshots.dayOf(snapshot) + " in "
                    + Duration.between(recovery.startedAt(), Instant.now()).toMillis() + " ms");
            return true;
        }
    }

    private static void write(FactoryPlace place, Recovery recovery) throws IOException {
        Map<String, Object> said = new TreeMap<>();
        said.put("occasion", recovery.occasion());
        said.put("startedAt", recovery.startedAt().toString());
        said.put("snapshot", recovery.snapshots().get(0));
        said.put("steps", recovery.steps());
        said.put("rpoMillis", recovery.rpo());
        Proofs.publish(note(place), Json.MAPPER.valueToTree(said).toString());
    }
}
