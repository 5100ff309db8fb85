package dev.cairn.backup.examples.factory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.factory.backups.Datasets;
import dev.cairn.backup.examples.factory.backups.DatedSnapshots;
import dev.cairn.backup.examples.factory.backups.FactoryBackups;
import dev.cairn.backup.examples.factory.govern.Check;
import dev.cairn.backup.examples.factory.govern.PanicRecovery;
import dev.cairn.backup.examples.factory.resilience.Recovery;
import dev.cairn.backup.examples.factory.resilience.ResilienceProof;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** The restores of the runbook on the running factory, each ending in a signed {@code resilience_ops_v1}. One at a time. */
final class Restores {

    private final FactoryRuntime factory;

    Restores(FactoryRuntime factory) {
        this.factory = factory;
    }

    /** Proofs alone, from the archive of a day: MAC and digests are checked, what is newer stays, the Merkle root is compared with the one that was signed, the index of receipts made anew. */
    synchronized SignedStatement proofs(String date) throws Exception {
        Recovery recovery = new Recovery("proof-only restore", Instant.now());
        LocalDate day = archivedDay(date);
        try (PackedRepository repository = new FactoryBackups(factory.place()).repository()) {
            SnapshotMetadata imported =
                    recovery.step("open the archive", () -> factory.archives().importInto(repository, day));
            try {
                restore(
                        recovery,
                        RestoreRequest.of(imported.id())
                                .datasets(DatasetSelection.only(Datasets.PROOFS))
                                .overlay());
            } finally {
                recovery.step("remove the copy of the archive", () -> repository.delete(imported.id()));
            }
        }
        recovery.step(
                "verify the merkle root",
                () -> holding(
                        "the Merkle root of the archive of " + day,
                        factory.archives().rootHolds(day)));
        return finish(recovery, List.of());
    }

    private LocalDate archivedDay(String date) throws IOException {
        List<LocalDate> days = factory.archives().days();
        LocalDate wanted = DatedSnapshots.day(date).orElse(days.isEmpty() ? LocalDate.MIN : days.get(days.size() - 1));
        if (!days.contains(wanted)) {
            throw new InvalidValueException("date", date, "a day with an archive: " + days);
        }
        return wanted;
    }

    /** The ledger alone; the sync stands still meanwhile. */
    synchronized SignedStatement ledger(String date) throws Exception {
        Recovery recovery = new Recovery("ledger restore", Instant.now());
        List<String> ledger = List.of(Datasets.LEDGER);
        restore(recovery, DatedSnapshots.find(factory.backups(), date, ledger), ledger);
        return finish(recovery, List.of());
    }

    /** Everything that the factory works with, while it runs: what the drill needs. */
    synchronized void full(Recovery recovery, SnapshotMetadata snapshot) throws Exception {
        restore(recovery, snapshot, FactoryRestore.FULL);
    }

    private void restore(Recovery recovery, SnapshotMetadata snapshot, List<String> datasets) throws Exception {
        restore(
                recovery,
                RestoreRequest.of(snapshot.id()).datasets(DatasetSelection.only(datasets.toArray(String[]::new))));
    }

    /** The engine stops the sync and closes the databases before the swap, opens them after it, and rolls back if the ledger is not intact then. */
    private void restore(Recovery recovery, RestoreRequest request) throws Exception {
        boolean ran = factory.sync().running();
        try {
            recovery.step("stop the federation sync", this::stopped);
            RestoreReport report = factory.backups().restore(factory.backups().plan(request));
            report.steps().forEach((name, elapsed) -> recovery.did("restore: " + name, elapsed));
            recovery.restored(report.snapshot(), report.datasets());
            rebuild(recovery);
        } finally {
            factory.data().nonces().fence(factory.backups().epoch()); // Also one that was undone has begun an epoch.
            if (ran) {
                recovery.step("start the federation sync", this::started);
            }
        }
    }

    private boolean stopped() {
        factory.sync().stop();
        return true;
    }

    private boolean started() {
        factory.sync().start();
        return true;
    }

    private void rebuild(Recovery recovery) throws Exception {
        recovery.step("integrity_check of the ledger", () -> {
            String integrity = factory.data().ledger().integrity();
            return holding("integrity_check, which says " + integrity + ",", integrity.equals("ok"));
        });
        recovery.step(
                "rebuild the nonce store",
                () -> factory.sync().rebuildNonces(factory.backups().epoch()));
        recovery.step("rebuild the receipt index", () -> factory.sync().rebuildIndex());
    }

    private static boolean holding(String what, boolean holds) throws IOException {
        if (!holds) {
            throw new IOException(what + " does not hold");
        }
        return true;
    }

    /** Out of panic; without a proof nothing is recovered. */
    synchronized PanicRecovery.Outcome panic() throws Exception {
        Recovery recovery = new Recovery("panic recovery", Instant.now());
        PanicRecovery.Outcome outcome =
                recovery.step("recover", () -> factory.panicRecovery().recover());
        if (outcome.recovered()) {
            finish(recovery, List.of());
        }
        return outcome;
    }

    /** After a restore while the factory was down: what it has left to be done, once. */
    synchronized void afterRestart() throws Exception {
        Path note = FactoryRestore.note(factory.place());
        if (!Files.exists(note)) {
            return;
        }
        JsonNode said = Json.read(Files.readString(note));
        Recovery recovery = new Recovery(
                said.path("occasion").asText(),
                Instant.parse(said.path("startedAt").asText()));
        recovery.from(said.path("snapshot").asText());
        for (JsonNode step : said.path("steps")) {
            recovery.did(
                    step.path("name").asText(),
                    Duration.ofMillis(step.path("millis").asLong()));
        }
        for (Map.Entry<String, JsonNode> lost : said.path("rpoMillis").properties()) {
            recovery.lost(lost.getKey(), Duration.ofMillis(lost.getValue().asLong()));
        }
        rebuild(recovery);
        finish(recovery, List.of());
        Files.delete(note);
    }

    /** Has what the engine has attested countersigned, goes through the checklist, emits the proof and puts it into a backup. */
    SignedStatement finish(Recovery recovery, List<Check> outcomes) throws Exception {
        recovery.step("countersign", () -> {
            for (Receipt receipt : factory.backups().receipts().all()) {
                if (receipt.signatures().size() < 2 && factory.tower().answers()) {
                    factory.backups().receipts().countersign(receipt.number(), factory.tower());
                }
            }
            return factory.sync().countersignWaiting();
        });
        SignedStatement proof =
                factory.resilience().emit(recovery, factory.backups().epoch(), outcomes);
        factory.maintenance().keepRecoveryProofs(factory.backups());
        return proof;
    }

    /** Whether a proof says that all was passed. */
    static boolean passed(SignedStatement proof) {
        JsonNode said = Json.read(proof.statement());
        return said.path("kind").asText().equals(ResilienceProof.KIND)
                && said.path("verdict").asText().equals("PASSED");
    }
}
