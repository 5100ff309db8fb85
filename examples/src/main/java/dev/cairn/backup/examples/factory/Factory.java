package dev.cairn.backup.examples.factory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.examples.factory.FactorySite.Started;
import dev.cairn.backup.examples.factory.backups.Datasets;
import dev.cairn.backup.examples.factory.backups.DatedSnapshots;
import dev.cairn.backup.examples.factory.govern.KeyRegistry;
import dev.cairn.backup.examples.factory.tower.TowerClient;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.http.JsonClient;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.show.Report;
import dev.cairn.backup.examples.show.Show;
import dev.cairn.backup.examples.show.WorkFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * The factory's runbook, section by section, from its operator's side: backups, verification, the four restores, the quarterly drill. Factory and tower are processes of their own; the factory is killed
 * where the disaster says so.
 *
 * <p>Exit code 0 if all comparisons held, 1 if any did not, 2 for a command line that cannot be.
 */
public final class Factory {

    /** The runbook expects archives of more than a megabyte, so the proofs of the play are as large. */
    private static final long LEAST_ARCHIVE = 1L << 20;

    private static final int BATCHES = 4;
    private static final int BATCH_BYTES = 250_000;

    private final FactorySite site;
    private final int tower;
    private final Report report;
    private String day = "";

    private Factory(FactorySite site, int tower, Report report) {
        this.site = site;
        this.tower = tower;
        this.report = report;
    }

    /** @param args an empty or new folder to work in, and {@code --keep} to keep a temporary one */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        System.exit(Show.run("Factory", Factory::play, args));
    }

    private static void play(WorkFolder work, Report report) throws IOException, InterruptedException {
        FactorySite site = FactorySite.in(work.path(), LEAST_ARCHIVE);
        try (Started tower = site.startTower()) {
            new Factory(site, tower.port(), report).play();
        }
    }

    private void play() throws IOException, InterruptedException {
        try (Started factory = site.startFactory(tower, "staging")) {
            JsonClient operator = new JsonClient(factory.port());
            backups(operator);
            verification(operator);
            proofOnly(operator);
            ledger(operator);
            panic(operator);
            drill(operator);
            report.title("1. Full System Restore: kill -9, and all data is wrecked");
            factory.child().kill();
        }
        full();
    }

    private void backups(JsonClient operator) throws IOException, InterruptedException {
        report.title("Backup Strategy: " + BATCHES + " batches come in, then each kind of backup");
        answered(operator.post("/federation/pull?line=line-1&count=" + BATCHES + "&bytes=" + BATCH_BYTES, ""));
        for (String kind : List.of("hourly", "daily", "logs", "alerts", "weekly")) {
            JsonNode taken = answered(operator.post("/backup?kind=" + kind, ""));
            day = taken.path("day").asText();
            report.say(String.format("%-7s %s %s", kind, taken.path("id").asText(), taken.path("datasets")));
        }
        JsonNode promised = answered(operator.get("/objectives"));
        promised.properties()
                .forEach(dataset -> report.check(
                        dataset.getKey() + ": " + dataset.getValue(),
                        dataset.getValue().path("rpoMillis").asLong(Long.MAX_VALUE)
                                <= dataset.getValue().path("rpoTargetMillis").asLong()));
    }

    private void verification(JsonClient operator) throws IOException, InterruptedException {
        report.title("Backup Verification: the archive of the day, and the chain");
        Answer verified = operator.get("/verify/archive?date=" + day);
        JsonNode archive = verified.json();
        report.check(
                archive.path("archive").asText() + " has " + archive.path("bytes") + " bytes, at least "
                        + archive.path("leastBytes") + " are expected, and "
                        + archive.path("content").size() + " entries",
                verified.status() == 200 && archive.path("content").size() >= BATCHES);
        Answer chain = operator.get("/verify/chain?from=" + day + "&to=" + day);
        report.check(chain.text("described"), chain.status() == 200);
    }

    private void proofOnly(JsonClient operator) throws IOException, InterruptedException {
        report.title("2. Proof-Only Restore: the proofs are deleted, the archive of the day brings them back");
        List<String> proofs = ledgered(operator);
        for (String proof : proofs) {
            Files.delete(site.place().proofs().resolve(proof));
        }
        report.check("governance notices it", !passing(operator));
        proved(operator.post("/restore?what=proofs&date=" + day, ""));
        report.check("governance gates pass again", passing(operator));
    }

    private void ledger(JsonClient operator) throws IOException, InterruptedException {
        report.title("3. Ledger Restore: a batch comes in after the backup, then the ledger is lost");
        String late = late(operator);
        Files.delete(site.place().ledger());
        report.check("health is unhealthy", operator.get("/api/mcp/healthz").status() == 503);
        proved(operator.post("/restore?what=ledger&date=" + DatedSnapshots.LATEST, ""));
        Answer replay = operator.post("/federation/batches", late);
        report.check(
                "the late batch is not in the ledger, and its nonce is refused all the same: " + replay.text("reason"),
                replay.status() == 409);
    }

    /** A batch as it was sent, so that it can be sent again. */
    private String late(JsonClient operator) throws IOException, InterruptedException {
        TimelineEpoch epoch = new TimelineEpoch(
                answered(operator.get("/federation")).path("epoch").asLong());
        String batch = new TowerClient(tower).batch("line-1", epoch, 16);
        report.check(
                "a batch is accepted",
                operator.post("/federation/batches", batch).status() == 200);
        return batch;
    }

    private void panic(JsonClient operator) throws IOException, InterruptedException {
        report.title("4. Panic Recovery: an empty flag");
        Files.createFile(site.place().panic());
        Answer health = operator.get("/api/mcp/healthz");
        report.check("health: " + health.text("status") + " " + health.json().path("problems"), health.status() == 503);
        Answer recovered = operator.post("/panic/recover", "");
        report.check("recovered, with the proof " + recovered.text("detail"), recovered.status() == 200);
        report.check("the flag is down", Files.notExists(site.place().panic()));
        report.check("governance gates pass", passing(operator));
    }

    private void drill(JsonClient operator) throws IOException, InterruptedException {
        report.title("Disaster Recovery Drill: ledger deleted, proofs corrupted, panic raised");
        answered(operator.post("/backup?kind=daily", ""));
        proved(operator.post("/drill", ""));
    }

    private void full() throws IOException, InterruptedException {
        for (Path lost : List.of(site.place().proofs(), site.place().config())) {
            WorkFolder.deleteTree(lost);
        }
        Files.delete(site.place().ledger());
        Files.delete(site.place().receipts());
        try (ChildJvm restore = site.startRestore(DatedSnapshots.LATEST, "--verify")) {
            restore.output().forEach(report::say);
            report.check("restored while the factory is down", restore.exitCode() == 0);
        }
        try (Started factory = site.startFactory(tower, "production")) {
            JsonClient operator = new JsonClient(factory.port());
            report.check("healthy", operator.get("/api/mcp/healthz").status() == 200);
            JsonNode recoveries = answered(operator.get("/recoveries"));
            proved(new Answer(200, recoveries.get(recoveries.size() - 1).asText()));
            report.check(
                    "the drill is refused outside of staging",
                    operator.post("/drill", "").body().contains("staging"));
        }
    }

    /** The proof that a recovery has left: who has signed it, and each of its points. */
    private void proved(Answer answer) throws IOException {
        if (!answer.body().startsWith("{\"digest\"")) {
            report.check("a proof is emitted, and not " + answer.body(), false);
            return;
        }
        SignedStatement proof =
                SignedStatement.decode("the proof", answer.body().getBytes(StandardCharsets.UTF_8));
        JsonNode said = Json.read(proof.statement());
        report.check(
                said.path("kind").asText() + " of the " + said.path("occasion").asText()
                        + ", signed by factory and tower",
                new KeyRegistry(site.place().config()).countersigned(proof));
        for (JsonNode point : said.path("checklist")) {
            report.check(
                    point.path("name").asText() + " (" + point.path("millis") + " ms)",
                    point.path("passed").asBoolean());
        }
        report.check(
                "recovery took "
                        + Report.millis(Duration.ofMillis(said.path("rtoMillis").asLong())) + " of "
                        + Datasets.RTO.toMinutes() + " minutes; lost: " + said.path("rpoMillis") + " ms",
                said.path("verdict").asText().equals("PASSED"));
    }

    private static List<String> ledgered(JsonClient operator) throws IOException, InterruptedException {
        return answered(operator.get("/federation")).path("ledger").findValuesAsText("proof");
    }

    private static boolean passing(JsonClient operator) throws IOException, InterruptedException {
        return answered(operator.get("/api/mcp/governance")).path("passing").asBoolean();
    }

    private static JsonNode answered(Answer answer) throws IOException {
        if (answer.status() != 200) {
            throw new IOException("the factory answers " + answer.status() + " " + answer.body());
        }
        return answer.json();
    }
}
