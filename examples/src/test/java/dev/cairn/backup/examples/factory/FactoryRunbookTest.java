package dev.cairn.backup.examples.factory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.proof.SignedStatement;
import dev.cairn.backup.examples.factory.backups.FactoryBackups;
import dev.cairn.backup.examples.factory.govern.KeyRegistry;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Json;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.trap.Trap;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.StoredSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runbook on a running factory and a running tower. Each test leaves them well, which is asked after each. */
class FactoryRunbookTest {

    private static final Set<String> POST_RECOVERY = Set.of(
            "services_running",
            "health",
            "governance",
            "tower_receipts",
            "sync_test_batch",
            "replay_refused",
            "alert_system",
            "incident_log",
            "review_scheduled");

    @TempDir
    static Path temp;

    private static FactoryTown town;

    @BeforeAll
    static void start() throws Exception {
        town = new FactoryTown(temp);
        town.done("/federation/pull?line=line-1&count=3");
        town.done("/federation/pull?line=line-2&count=2");
        town.done("/backup?kind=hourly");
        town.done("/backup?kind=daily");
    }

    @AfterAll
    static void stop() throws Exception {
        town.end();
    }

    @AfterEach
    void theFactoryIsWell() throws Exception {
        Answer health = town.get("/api/mcp/healthz");
        assertEquals(200, health.status(), health.body());
        assertEquals("healthy", health.text("status"));
        Answer gates = town.get("/api/mcp/governance");
        assertTrue(gates.json().path("passing").asBoolean(), gates.body());
    }

    // 1: archives

    @Test
    void factory01_theDailyArchiveHoldsAllSubfoldersAndOpensWithOpensslOnceItsMacWasChecked() throws Exception {
        String day = town.daily();
        Set<String> proofs = proofs().keySet();
        Path archive = town.place().archive().resolve(day + ".tar.gz.enc");
        Answer verified = town.get("/verify/archive?date=" + day);
        assertEquals(200, verified.status(), verified.body());
        List<String> content = new ArrayList<>();
        verified.json().path("content").forEach(path -> content.add(path.asText()));
        List<String> archived = archivedProofs(content);
        assertEquals(proofs, Set.copyOf(archived));
        assertTrue(archived.stream().anyMatch(path -> path.matches("line-1/[0-9-]+/b-[0-9a-f]+[.]json")));
        assertTrue(archived.stream().anyMatch(path -> path.matches("line-2/[0-9-]+/b-[0-9a-f]+[.]json")));
        assertFalse(new String(Files.readAllBytes(archive), StandardCharsets.ISO_8859_1).contains("federation_batch"));

        Openssl.needed(temp);
        Map<String, String> key = Map.of(Secrets.ARCHIVE, town.site.archiveSecret());
        String mac = FactoryTown.said(SignedStatement.decode(
                        "the statement", Files.readAllBytes(archive.resolveSibling(archive.getFileName() + ".json"))))
                .path("mac")
                .asText();
        Openssl computed = Openssl.run(
                archive.getParent(),
                key,
                "f=" + archive.getFileName()
                        + "; salt=$(head -c 16 $f | tail -c 8 | od -An -v -tx1 | tr -d ' \\n');"
                        + " key=$(openssl kdf -keylen 80 -kdfopt digest:SHA256 -kdfopt pass:\"$ARCHIVE_ENCRYPTION_KEY\""
                        + " -kdfopt hexsalt:$salt -kdfopt iter:" + Secrets.ROUNDS
                        + " -binary PBKDF2 | tail -c 32 | od -An -v -tx1 | tr -d ' \\n');"
                        + " openssl dgst -sha256 -mac HMAC -macopt hexkey:$key $f");
        assertTrue(computed.output().strip().endsWith(mac), computed.output());
        Openssl listed = Openssl.run(
                archive.getParent(),
                key,
                "openssl enc -d -aes-256-cbc -pbkdf2 -iter " + Secrets.ROUNDS
                        + " -md sha256 -pass env:ARCHIVE_ENCRYPTION_KEY -in " + archive.getFileName()
                        + " | tar -tzf -");
        assertEquals(0, listed.exitCode(), listed.output());
        archived.forEach(path -> assertTrue(listed.output().contains("datasets/proofs/" + path), listed.output()));
    }

    private static List<String> archivedProofs(List<String> content) {
        return content.stream().filter(path -> path.endsWith(".json")).toList();
    }

    @Test
    void factory01_theDailyVerificationFailsUnderTheConfiguredLeastSize() throws Exception {
        Path settings = town.place().config().resolve("archive.json");
        String before = Files.readString(settings);
        Files.writeString(settings, "{\"leastBytes\":1048576}");
        Answer verified = town.get("/verify/archive");
        Files.writeString(settings, before);
        assertEquals(409, verified.status(), verified.body());
        assertEquals(1, verified.json().path("problems").size());
        assertTrue(verified.body().contains("at least 1048576 are expected"), verified.body());
        assertEquals(200, town.get("/verify/archive").status());
    }

    @Test
    void factory01_anAlteredArchiveIsRefusedByItsMacAndNothingIsRestored() throws Exception {
        String day = town.daily();
        Path archive = town.place().archive().resolve(day + ".tar.gz.enc");
        byte[] whole = Files.readAllBytes(archive);
        byte[] altered = whole.clone();
        altered[altered.length - 40] ^= 1;
        Files.write(archive, altered);
        Map<String, String> before = proofs();
        Answer verified = town.get("/verify/archive");
        Answer restored = town.post("/restore?what=proofs&date=" + day);
        Files.write(archive, whole);
        assertTrue(verified.status() >= 400, verified.body());
        assertTrue(restored.status() >= 400 && !restored.body().contains("resilience_ops_v1"), restored.body());
        assertEquals(before, proofs());
    }

    @Test
    void factory01_aRestoreTakesADateOrLatestAndNamesTheDaysThereAre() throws Exception {
        String day = town.daily();
        Answer latest = town.post("/restore?what=proofs&date=latest");
        assertEquals(200, latest.status(), latest.body());
        Answer dated = town.post("/restore?what=ledger&date=" + day);
        assertEquals(200, dated.status(), dated.body());
        for (String what : List.of("ledger", "proofs")) {
            Answer none = town.post("/restore?what=" + what + "&date=2001-01-01");
            assertEquals(400, none.status(), none.body());
            assertTrue(none.body().contains(day), none.body());
        }
        assertEquals(400, town.post("/restore?what=ledger&date=yesterday").status());
    }

    @Test
    void factory01_aStatementAboutAnArchiveThatTheFactoryHasNotSignedIsRefused() throws Exception {
        Path file = town.place().archive().resolve(town.daily() + ".tar.gz.enc.json");
        byte[] genuine = Files.readAllBytes(file);
        String said = SignedStatement.decode("the statement", genuine).statement();
        Files.write(
                file, SignedStatement.of(said).signedBy(town.site.towerSigner()).encode());
        Answer verified = town.get("/verify/archive");
        Answer restored = town.post("/restore?what=proofs&date=latest");
        Files.write(file, genuine);
        for (Answer answer : List.of(verified, restored)) {
            assertTrue(answer.status() >= 400, answer.body());
            assertTrue(answer.body().contains("not signed by the factory"), answer.body());
        }
    }

    // 2: digests

    @Test
    void factory02_theChainIsVerifiedOverARangeOfDays() throws Exception {
        String day = town.daily();
        Answer chain = town.get("/verify/chain?from=" + day + "&to=" + day);
        assertEquals(200, chain.status(), chain.body());
        assertTrue(chain.json().path("checked").asLong() >= 1, chain.body());
        assertEquals(400, town.get("/verify/chain?to=2001-01-01").status());
        Answer never = town.get("/verify/chain?from=yesterday");
        assertEquals(400, never.status(), never.body());
        assertTrue(never.body().contains("a day such as"), never.body());
    }

    @Test
    void factory02_aNestedValueOfAProofThatWasAlteredIsNamed() throws Exception {
        String path = town.get("/federation")
                .json()
                .path("ledger")
                .get(0)
                .path("proof")
                .asText();
        Path proof = town.place().proofs().resolve(path);
        String text = Files.readString(proof);
        String altered = text.replace("\"force\":412", "\"force\":413");
        assertNotEquals(text, altered);
        Files.writeString(proof, altered);
        Answer gates = town.get("/api/mcp/governance");
        Files.writeString(proof, text);
        assertFalse(gates.json().path("passing").asBoolean(), gates.body());
        assertTrue(gates.body().contains(path + " was altered"), gates.body());
    }

    // 4: ledger, nonces

    @Test
    void factory04_theNonceStoreIsRebuiltAndANonceUsedAfterTheSnapshotIsStillRefused() throws Exception {
        town.done("/backup?kind=daily");
        String late = town.batch("line-1");
        assertEquals(200, town.post("/federation/batches", late).status());
        String unused = town.batch("line-1"); // Issued before the restore, never used: the fence cannot know that.
        Set<String> known = new HashSet<>(town.texts("nonces"));
        Files.delete(town.place().ledger());
        Answer unwell = town.get("/api/mcp/healthz"); // Although SQLite goes on over the open connection.
        assertEquals(503, unwell.status());
        assertTrue(unwell.body().contains("deleted or replaced"), unwell.body());

        Answer restored = town.post("/restore?what=ledger&date=latest");

        assertEquals(200, restored.status(), restored.body());
        List<String> steps = FactoryTown.steps(FactoryTown.said(FactoryTown.proof(restored)));
        assertEquals("stop the federation sync", steps.get(0));
        assertTrue(
                steps.indexOf("restore: swap") < steps.indexOf("integrity_check of the ledger")
                        && steps.indexOf("integrity_check of the ledger") < steps.indexOf("rebuild the nonce store")
                        && steps.indexOf("rebuild the nonce store") < steps.indexOf("start the federation sync"),
                steps.toString());
        assertFalse(town.get("/federation")
                .json()
                .path("ledger")
                .findValuesAsText("nonce")
                .contains(FactoryTown.nonce(late)));
        assertTrue(town.texts("nonces").containsAll(known), "rebuilt from ledger and receipts");
        Answer replayed = town.post("/federation/batches", late);
        assertEquals(409, replayed.status(), replayed.body());
        assertEquals("ALREADY_USED", replayed.text("reason"));
        assertEquals("BEFORE_RESTORE", town.post("/federation/batches", unused).text("reason"));
        assertEquals(200, town.post("/federation/batches", town.batch("line-1")).status());
    }

    @Test
    void factory04_theSyncCanBeStoppedAndStartedAndTakesNothingInMeanwhile() throws Exception {
        String batch = town.batch("line-1");
        JsonNode stopped = town.done("/services?name=federation-sync&action=stop");
        Answer refused = town.post("/federation/batches", batch);
        int unwell = town.get("/api/mcp/healthz").status();
        town.done("/services?name=federation-sync&action=start");
        assertFalse(stopped.path("services").path("federation-sync").asBoolean(true));
        assertEquals(503, refused.status());
        assertEquals("SYNC_STOPPED", refused.text("reason"));
        assertEquals(503, unwell);
        assertEquals(200, town.post("/federation/batches", batch).status());
    }

    @Test
    void factory04_ofManyThatBringOneNonceOneIsAccepted() throws Exception {
        String batch = town.batch("line-1");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> posts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                posts.add(() -> town.post("/federation/batches", batch).status());
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> status : threads.invokeAll(posts)) {
                statuses.add(status.get());
            }
            assertEquals(1, statuses.stream().filter(status -> status == 200).count(), statuses.toString());
            assertEquals(7, statuses.stream().filter(status -> status == 409).count(), statuses.toString());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void factory04_aBatchThatTheTowerHasNotSignedIsRefusedAndCostsNoNonce() throws Exception {
        SignedStatement genuine =
                SignedStatement.decode("a batch", town.batch("line-1").getBytes(StandardCharsets.UTF_8));
        SignedStatement forged = SignedStatement.of(genuine.statement()).signedBy(town.site.factorySigner());
        Answer refused = town.post("/federation/batches", new String(forged.encode(), StandardCharsets.UTF_8));
        assertEquals(409, refused.status());
        assertEquals("NOT_FROM_THE_TOWER", refused.text("reason"));
        assertEquals(
                200,
                town.post("/federation/batches", new String(genuine.encode(), StandardCharsets.UTF_8))
                        .status());
    }

    @Test
    void factory04_aBatchUnderAnotherNonceDoesNotRewriteItsProof() throws Exception {
        String batch = town.batch("line-1");
        assertEquals(200, town.post("/federation/batches", batch).status());
        Map<String, String> before = proofs();
        String said = SignedStatement.decode("a batch", batch.getBytes(StandardCharsets.UTF_8))
                .statement()
                .replace(FactoryTown.nonce(batch), "another-nonce")
                .replace("\"force\":412", "\"force\":413");
        SignedStatement again = SignedStatement.of(said).signedBy(town.site.towerSigner());
        Answer refused = town.post("/federation/batches", new String(again.encode(), StandardCharsets.UTF_8));
        assertEquals(409, refused.status(), refused.body());
        assertEquals("BATCH_KNOWN", refused.text("reason"));
        assertEquals(before, proofs());
    }

    // 5: receipts

    @Test
    void factory05_receiptsBearBothSignaturesAndVerificationNeedsBoth() throws Exception {
        KeyRegistry keys = new KeyRegistry(town.place().config());
        List<SignedStatement> receipts = new ArrayList<>();
        for (String text : town.texts("receipts")) {
            receipts.add(SignedStatement.decode("a receipt", text.getBytes(StandardCharsets.UTF_8)));
        }
        assertTrue(receipts.size() >= 5);
        for (SignedStatement receipt : receipts) {
            assertEquals(
                    List.of("factory", "tower"),
                    receipt.signatures().stream()
                            .map(signature -> signature.keyId())
                            .toList());
            assertTrue(keys.countersigned(receipt));
        }
        SignedStatement unsigned = SignedStatement.of(receipts.get(0).statement());
        assertFalse(keys.countersigned(unsigned.signedBy(town.site.factorySigner())));
        assertFalse(keys.countersigned(unsigned.signedBy(town.site.towerSigner())));
        assertTrue(
                keys.countersigned(unsigned.signedBy(town.site.factorySigner()).signedBy(town.site.towerSigner())));
    }

    @Test
    void factory05_withoutTheTowersProcessThereIsNoCountersignatureAndARestoreSaysSo() throws Exception {
        String batch = town.batch("line-1");
        town.killTower();
        Answer taken = town.post("/federation/batches", batch);
        Answer gates = town.get("/api/mcp/governance");
        Answer restored = town.post("/restore?what=ledger");
        town.startTower();

        assertEquals(200, taken.status(), taken.body());
        assertFalse(taken.json().path("countersigned").asBoolean(true));
        assertFalse(gates.json().path("passing").asBoolean(), gates.body());
        assertEquals(409, restored.status(), restored.body());
        JsonNode said = FactoryTown.said(FactoryTown.proof(restored));
        assertEquals("FAILED", said.path("verdict").asText());
        Map<String, Boolean> points = FactoryTown.checklist(said);
        assertFalse(points.get("services_running"));
        assertFalse(points.get("tower_receipts"));
        assertFalse(points.get("sync_test_batch"));
        assertFalse(points.get("replay_refused"), "not evaluated is not passed");
        assertTrue(points.get("incident_log"));
        assertEquals(0, town.done("/federation/countersign").path("waiting").asLong(-1));
    }

    // 6: panic

    @Test
    void factory06_anEmptyFlagIsPanicOfUnknownReasonAndHealthIsUnhealthyWhileItIsThere() throws Exception {
        Files.createFile(town.place().panic());
        Answer unwell = town.get("/api/mcp/healthz");
        Answer gates = town.get("/api/mcp/governance");
        Answer recovered = town.post("/panic/recover");
        assertEquals(503, unwell.status());
        assertEquals("unhealthy", unwell.text("status"));
        assertTrue(unwell.body().contains("panic: unknown"), unwell.body());
        assertFalse(gates.json().path("passing").asBoolean());
        assertEquals(200, recovered.status(), recovered.body());
        assertFalse(Files.exists(town.place().panic()));
    }

    @Test
    void factory06_recoveryNeedsAnIntactLedger() throws Exception {
        String hash = sql(town.place().ledger(), "SELECT hash FROM ledger WHERE number = 1");
        Files.writeString(town.place().panic(), "tampering");
        sql(town.place().ledger(), "UPDATE ledger SET hash = ? WHERE number = 1", "0".repeat(64));
        Answer refused = town.post("/panic/recover");
        boolean still = Files.exists(town.place().panic());
        sql(town.place().ledger(), "UPDATE ledger SET hash = ? WHERE number = 1", hash);
        assertEquals(409, refused.status());
        assertTrue(refused.body().contains("chain of the ledger is broken at entry 1"), refused.body());
        assertTrue(still);
        assertEquals(200, town.post("/panic/recover").status());
    }

    @Test
    void factory06_recoveryNeedsAReceiptWithBothSignatures() throws Exception {
        JsonNode ledger = town.get("/federation").json().path("ledger");
        String newest = ledger.get(ledger.size() - 1).path("batch").asText();
        String both = sql(town.place().receipts(), "SELECT receipt FROM receipts WHERE batch = ?", newest);
        SignedStatement alone = SignedStatement.of(SignedStatement.decode("it", both.getBytes(StandardCharsets.UTF_8))
                        .statement())
                .signedBy(town.site.factorySigner());
        Files.writeString(town.place().panic(), "a receipt");
        sql(
                town.place().receipts(),
                "UPDATE receipts SET receipt = ? WHERE batch = ?",
                new String(alone.encode(), StandardCharsets.UTF_8),
                newest);
        Answer refused = town.post("/panic/recover");
        boolean still = Files.exists(town.place().panic());
        sql(town.place().receipts(), "UPDATE receipts SET receipt = ? WHERE batch = ?", both, newest);
        assertEquals(409, refused.status());
        assertTrue(refused.body().contains("not signed by both"), refused.body());
        assertTrue(still);
        assertEquals(200, town.post("/panic/recover").status());
    }

    @Test
    void factory06_withoutItsProofTheFlagStays() throws Exception {
        Path aside = town.place().home().resolve("recovery-aside");
        Files.createDirectories(town.place().recovery());
        Files.writeString(town.place().panic(), "no room");
        Files.move(town.place().recovery(), aside);
        Files.createFile(town.place().recovery()); // A file where the folder should be: no proof can be put there.
        Answer failed = town.post("/panic/recover");
        boolean still = Files.exists(town.place().panic());
        Files.delete(town.place().recovery());
        Files.move(aside, town.place().recovery());
        assertEquals(500, failed.status(), failed.body());
        assertTrue(still);
        assertEquals(200, town.post("/panic/recover").status());
    }

    /** Whether the factory is well. */
    private interface Well {
        boolean isWell() throws Exception;
    }

    @Test
    void factory06_trap_healthIgnoresThePanicFlag() throws Exception {
        Files.createFile(town.place().panic());
        Trap.<Well>catches(
                health -> assertFalse(health.isWell(), "there is panic"),
                () -> sql(town.place().ledger(), "PRAGMA integrity_check").equals("ok")
                        && town.get("/federation").status() == 200,
                () -> town.get("/api/mcp/healthz").status() == 200);
        town.done("/panic/recover");
    }

    // 7: the drill

    @Test
    void factory07_theDrillDestroysRecoversByItselfAndEndsInAProofThatOpensslVerifies() throws Exception {
        town.done("/backup?kind=daily");
        Answer drilled = town.post("/drill");
        assertEquals(200, drilled.status(), drilled.body());
        JsonNode said = FactoryTown.said(FactoryTown.proof(drilled));
        assertEquals("quarterly drill", said.path("occasion").asText());
        assertEquals("PASSED", said.path("verdict").asText());
        Map<String, Boolean> points = FactoryTown.checklist(said);
        assertTrue(points.keySet().containsAll(POST_RECOVERY));
        assertTrue(points.keySet()
                .containsAll(Set.of(
                        "disaster_noticed",
                        "all_proofs_restored",
                        "chain_continuous",
                        "sync_resumed",
                        "nonce_store_rebuilt",
                        "late_replay_refused",
                        "tower_receipts_verified",
                        "governance_gates_pass",
                        "panic_recovered")));
        assertFalse(points.containsValue(false), points.toString());
        assertTrue(FactoryTown.steps(said).contains("panic recovery"));
        assertTrue(
                said.path("rtoMillis").asLong() < said.path("rtoTargetMillis").asLong());
        assertTrue(town.recoveries().stream()
                .anyMatch(one -> one.digest().equals(FactoryTown.proof(drilled).digest())));

        Openssl.needed(temp);
        Path folder = Files.createDirectories(temp.resolve("openssl"));
        Files.writeString(folder.resolve("receipt.json"), drilled.body());
        Files.writeString(folder.resolve("factory.pub.pem"), town.site.factoryPublicKey());
        Files.writeString(folder.resolve("tower.pub.pem"), town.site.towerPublicKey());
        for (String script : documented()) {
            Openssl verified = Openssl.run(folder, Map.of(), script);
            assertEquals(0, verified.exitCode(), verified.output());
            assertTrue(verified.output().contains("Verified Successfully"), verified.output());
        }
        Files.writeString(
                folder.resolve("receipt.json"), drilled.body().replace("\"passed\":true", "\"passed\":false"));
        for (String script : documented()) {
            assertNotEquals(0, Openssl.run(folder, Map.of(), script).exitCode());
        }
    }

    /** The two scripts of docs/proof.md, as they stand there. */
    private static List<String> documented() throws IOException {
        return Stream.of(Files.readString(Path.of("..", "docs", "proof.md")).split("```sh\n", -1))
                .filter(block -> block.startsWith("# verify-"))
                .map(block -> block.substring(0, block.indexOf("```")))
                .toList();
    }

    // 8: evidence

    @Test
    void factory08_everyRestoreEmitsASignedProofWithChecklistStepsAndWhatWasAchieved() throws Exception {
        int before = town.recoveries().size();
        Instant beforeBackup = Instant.now();
        town.done("/backup?kind=daily");
        Instant afterBackup = Instant.now();
        long incidents = audited("incident-opened", "factory_recovery");
        long reviews = audited("event", "review.schedule");
        SignedStatement proof = FactoryTown.proof(town.post("/restore?what=ledger"));
        List<SignedStatement> after = town.recoveries();
        assertEquals(before + 1, after.size());
        assertEquals(incidents + 1, audited("incident-opened", "factory_recovery"));
        assertEquals(reviews + 1, audited("event", "review.schedule"));
        assertEquals(proof.digest(), after.get(before).digest());
        assertTrue(new KeyRegistry(town.place().config()).countersigned(proof));
        JsonNode said = FactoryTown.said(proof);
        assertEquals("resilience_ops_v1", said.path("kind").asText());
        assertEquals(POST_RECOVERY, FactoryTown.checklist(said).keySet());
        assertFalse(FactoryTown.checklist(said).containsValue(false));
        assertTrue(FactoryTown.steps(said).contains("restore: stage"));
        long rto = said.path("rtoMillis").asLong();
        Instant begun = Instant.parse(said.path("startedAt").asText());
        Instant finished = Instant.parse(said.path("finishedAt").asText());
        assertTrue(!begun.isBefore(afterBackup) && !finished.isAfter(Instant.now()), said.toString());
        assertEquals(Duration.between(begun, finished).toMillis(), rto);
        assertTrue(rto > 0);
        long rpo = said.path("rpoMillis").path("ledger").asLong();
        assertTrue(
                rpo >= Duration.between(afterBackup, begun).toMillis()
                        && rpo <= Duration.between(beforeBackup, begun).toMillis(),
                said.toString());
    }

    /** How many lines of the audit log are of a kind and name a code or an action. */
    private static long audited(String kind, String named) throws IOException {
        return files(town.place().audit()).entrySet().stream()
                .filter(file -> file.getKey().endsWith(".jsonl"))
                .flatMap(file -> file.getValue().lines())
                .map(Json::read)
                .filter(line -> line.path("kind").asText().equals(kind)
                        && (line.path("code").asText().equals(named)
                                || line.path("action").asText().equals(named)))
                .count();
    }

    /** Emits the proof of a recovery, and tells what stands in its checklist. */
    private interface Evidence {
        Map<String, Boolean> emitted() throws Exception;
    }

    @Test
    void factory08_trap_theChecklistIsALiteral() throws Exception {
        town.done("/services?name=alert-system&action=stop");
        Trap.<Evidence>catches(
                evidence -> {
                    Map<String, Boolean> checklist = evidence.emitted();
                    assertEquals(POST_RECOVERY, checklist.keySet());
                    assertFalse(checklist.get("services_running"), "a service is stopped");
                    assertFalse(checklist.get("alert_system"), "it is the alert system");
                    assertFalse(checklist.get("health"), "so the factory is not well");
                    assertTrue(checklist.get("sync_test_batch"), "and the rest is");
                },
                FactoryRunbookTest::allIsWell,
                () -> FactoryTown.checklist(FactoryTown.said(FactoryTown.proof(town.post("/restore?what=ledger")))));
        town.done("/services?name=alert-system&action=start");
    }

    /** {@code emitProof({services_running: true, …})}: signed and stored all right. */
    private static Map<String, Boolean> allIsWell() throws Exception {
        town.done("/federation/pull?line=line-1&count=1");
        List<Map<String, Object>> points = new ArrayList<>();
        POST_RECOVERY.forEach(point -> points.add(Map.of("name", point, "passed", true)));
        SignedStatement signed = SignedStatement.of(Json.MAPPER
                        .valueToTree(Map.of("kind", "resilience_ops_v1", "checklist", points))
                        .toString())
                .signedBy(town.site.factorySigner());
        Path file = Files.write(temp.resolve("naive-proof.json"), signed.encode());
        return FactoryTown.checklist(
                FactoryTown.said(SignedStatement.decode("the naive proof", Files.readAllBytes(file))));
    }

    // 9: the four restores

    @Test
    void factory09_theFullRestoreBringsEverythingBackAfterAKill() throws Exception {
        town.done("/federation/pull?line=line-2&count=1");
        town.done("/backup?kind=weekly");
        Map<String, String> proofs = proofs();
        Map<String, String> config = files(town.place().config());
        JsonNode federation = town.get("/federation").json();
        int recoveries = town.recoveries().size();

        town.killFactory();
        wreck();
        try (ChildJvm restore = town.site.startRestore("latest", "--verify")) {
            List<String> told = restore.output();
            assertEquals(0, restore.exitCode(), told.toString());
            assertTrue(
                    told.stream().anyMatch(line -> line.matches("VERIFIED [1-9][0-9]* entries, \\[]")),
                    told.toString());
            assertTrue(told.get(told.size() - 1).startsWith("RESTORED "), told.toString());
        }
        assertEquals(config, files(town.place().config()));
        town.startFactory();

        List<SignedStatement> after = town.recoveries();
        assertEquals(recoveries + 1, after.size());
        JsonNode said = FactoryTown.said(after.get(recoveries));
        assertEquals("full restore", said.path("occasion").asText());
        assertEquals("PASSED", said.path("verdict").asText(), said.toString());
        assertEquals(POST_RECOVERY, FactoryTown.checklist(said).keySet());
        assertTrue(FactoryTown.steps(said).contains("verify the snapshot"));
        assertTrue(FactoryTown.steps(said).contains("rebuild the nonce store"));
        assertTrue(said.path("rtoMillis").asLong() < Duration.ofMinutes(30).toMillis());
        assertEquals(
                Duration.ofMinutes(30).toMillis(), said.path("rtoTargetMillis").asLong());
        JsonNode now = town.get("/federation").json();
        for (int i = 0; i < federation.path("ledger").size(); i++) {
            assertEquals(federation.path("ledger").get(i), now.path("ledger").get(i));
        }
        Map<String, String> back = proofs();
        proofs.forEach((path, digest) -> assertEquals(digest, back.get(path), path));
        assertTrue(Files.notExists(FactoryRestore.note(town.place())), "it is told once");
    }

    private static void wreck() throws IOException {
        for (Path folder : List.of(town.place().proofs(), town.place().config())) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        }
        for (Path database : List.of(
                town.place().ledger(), town.place().nonces(), town.place().receipts())) {
            Files.write(database, new byte[4096]);
            Files.deleteIfExists(database.resolveSibling(database.getFileName() + "-wal"));
            Files.deleteIfExists(database.resolveSibling(database.getFileName() + "-shm"));
        }
    }

    @Test
    void factory09_theProofOnlyRestoreComesFromTheArchiveKeepsWhatIsNewerAndRebuildsTheIndex() throws Exception {
        String day = town.daily();
        Map<String, String> archived = proofs();
        town.done("/federation/pull?line=line-1&count=1");
        Map<String, String> all = proofs();
        assertEquals(archived.size() + 1, all.size());
        for (String path : archived.keySet()) {
            Files.delete(town.place().proofs().resolve(path));
        }
        sql(town.place().receipts(), "DELETE FROM receipt_index");

        Answer restored = town.post("/restore?what=proofs&date=" + day);

        assertEquals(200, restored.status(), restored.body());
        List<String> steps = FactoryTown.steps(FactoryTown.said(FactoryTown.proof(restored)));
        assertTrue(
                steps.containsAll(List.of("open the archive", "verify the merkle root", "rebuild the receipt index")),
                steps.toString());
        Map<String, String> now = proofs();
        all.forEach((path, text) -> assertEquals(text, now.get(path), path));
        JsonNode index = town.get("/federation").json().path("index");
        all.keySet().forEach(path -> assertTrue(index.has(path), path));
    }

    @Test
    void factory09_theLedgerRestoreBringsTheLedgerOfTheBackup() throws Exception {
        String day = town.daily();
        JsonNode before = town.get("/federation").json().path("ledger");
        town.done("/federation/pull?count=2");
        Files.write(town.place().ledger(), new byte[100]);
        Answer restored = town.post("/restore?what=ledger&date=" + day);
        assertEquals(200, restored.status(), restored.body());
        JsonNode after = town.get("/federation").json().path("ledger");
        assertEquals(before.size() + 1, after.size(), "and the test batch of the checklist");
        for (int i = 0; i < before.size(); i++) {
            assertEquals(before.get(i), after.get(i));
        }
        assertEquals(
                "self-test", after.get(before.size()).path("proof").asText().split("/", -1)[0]);
    }

    @Test
    void factory09_thePanicRestoreEmitsItsSignedProofAndThenTheFlagIsDown() throws Exception {
        int before = town.recoveries().size();
        Files.writeString(town.place().panic(), "press 4 does not answer\n");
        assertEquals(503, town.get("/api/mcp/healthz").status());
        Answer recovered = town.post("/panic/recover");
        assertEquals(200, recovered.status(), recovered.body());
        assertFalse(Files.exists(town.place().panic()));
        List<SignedStatement> after = town.recoveries();
        assertEquals(before + 2, after.size());
        SignedStatement proof = after.get(before);
        assertEquals(recovered.text("detail"), proof.digest());
        assertTrue(new KeyRegistry(town.place().config()).countersigned(proof));
        assertEquals("panic_recovery", FactoryTown.said(proof).path("kind").asText());
        assertEquals(
                "press 4 does not answer",
                FactoryTown.said(proof).path("reason").asText());
        JsonNode evidence = FactoryTown.said(after.get(before + 1));
        assertEquals("panic recovery", evidence.path("occasion").asText());
        assertEquals("PASSED", evidence.path("verdict").asText());
        assertEquals(409, town.post("/panic/recover").status(), "there is no panic any more");
    }

    // 10: objectives

    @Test
    void factory10_anHourIsPromisedForProofsADayForTheRestAndBothAreMeasured() throws Exception {
        town.done("/backup?kind=weekly");
        JsonNode first = town.get("/objectives").json();
        Set<String> datasets = new HashSet<>();
        first.fieldNames().forEachRemaining(datasets::add);
        assertEquals(
                Set.of("proofs", "config", "ledger", "nonces", "receipts", "logs", "alerts", "recovery"), datasets);
        JsonNode second = town.get("/objectives").json();
        for (String dataset : datasets) {
            JsonNode one = first.path(dataset);
            assertEquals(
                    (dataset.equals("proofs") ? Duration.ofHours(1) : Duration.ofDays(1)).toMillis(),
                    one.path("rpoTargetMillis").asLong());
            assertEquals(
                    Duration.ofMinutes(30).toMillis(),
                    one.path("rtoTargetMillis").asLong());
            assertTrue(one.has("rpoMillis"), one.toString());
            assertTrue(second.path(dataset).path("rpoMillis").asLong()
                    >= one.path("rpoMillis").asLong());
        }
    }

    // 11: secrets

    @Test
    void factory11_noByteThatIsBackedUpOrArchivedHoldsASecret() throws Exception {
        town.done("/backup?kind=daily");
        town.done("/backup?kind=weekly");
        KeyProvider key = KeyProvider.secret("the site", () -> HexFormat.of().parseHex(town.site.archiveSecret()));
        long contents = 0;
        boolean sees = false;
        try (PackedRepository repository = new FactoryBackups(town.place(), key).repository()) {
            List<StoredSnapshot> snapshots = repository.list();
            for (StoredSnapshot stored : snapshots.subList(Math.max(0, snapshots.size() - 8), snapshots.size())) {
                try (SnapshotReader reader = repository.read(stored.id())) {
                    for (var dataset : reader.manifest().metadata().datasets()) {
                        if (dataset.present()) {
                            List<String> texts = contents(reader.dataset(dataset.name()));
                            contents += texts.size();
                            texts.forEach(FactoryRunbookTest::holdsNoSecret);
                            sees |= texts.stream().anyMatch(text -> text.contains("BEGIN PUBLIC KEY"));
                        }
                    }
                }
            }
        }
        assertTrue(contents > 20 && sees, "public keys are found, so secrets would be");
        for (Path folder : List.of(town.place().home(), town.place().vault(), temp.resolve("tower"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    holdsNoSecret(bytesOf(file));
                }
            }
        }
    }

    @Test
    void factory11_withoutTheEnvironmentTheVariableIsNamed() {
        assumeTrue(System.getenv(Secrets.ARCHIVE) == null && System.getenv(Secrets.FACTORY) == null);
        IllegalStateException archive = assertThrows(IllegalStateException.class, Secrets::archive);
        assertTrue(String.valueOf(archive.getMessage()).contains("ARCHIVE_ENCRYPTION_KEY"));
        KeyException signing =
                assertThrows(KeyException.class, () -> Secrets.factory().sign(new byte[1]));
        assertTrue(String.valueOf(signing.getMessage()).contains("FACTORY_SIGNING_SECRET"));
        KeyException repository = assertThrows(
                KeyException.class,
                () -> new FactoryBackups(town.place()).repository().open());
        assertTrue(String.valueOf(repository.getMessage()).contains("ARCHIVE_ENCRYPTION_KEY"), repository.getMessage());
    }

    private static List<String> contents(DatasetReader dataset) throws IOException {
        List<String> texts = new ArrayList<>();
        try (EntryCursor entries = dataset.entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.type() == EntryType.FILE) {
                    try (InputStream in = entry.content().open()) {
                        texts.add(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
                    }
                }
            }
        }
        return texts;
    }

    /** Nothing if it has gone meanwhile: the factory runs. */
    private static String bytesOf(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static void holdsNoSecret(String text) {
        for (String secret : town.site.secrets()) {
            String raw = new String(HexFormat.of().parseHex(secret), StandardCharsets.ISO_8859_1);
            assertFalse(text.contains(secret) || text.contains(raw), "a secret of the site is in a file");
        }
    }

    // What the tests look at

    private static Map<String, String> proofs() throws IOException {
        Map<String, String> proofs = new TreeMap<>(files(town.place().proofs()));
        proofs.keySet().removeIf(path -> path.startsWith(".") || path.contains("/."));
        return proofs;
    }

    private static Map<String, String> files(Path root) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = root.relativize(file).toString();
                if (!path.startsWith(".")) {
                    texts.put(path, Files.readString(file));
                }
            }
        }
        return texts;
    }

    /** As an operator with the sqlite3 shell; answers the first column of the first row, if there is one. */
    private static String sql(Path database, String sql, String... values) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            return statement.execute() ? statement.getResultSet().getString(1) : "";
        }
    }
}
