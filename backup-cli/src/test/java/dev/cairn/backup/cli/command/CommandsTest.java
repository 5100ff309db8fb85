package dev.cairn.backup.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.Shop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command against a real repository. */
class CommandsTest {

    @TempDir
    private Path temp;

    private Shop shop;

    @BeforeEach
    void aShop() throws IOException {
        shop = Shop.in(temp);
    }

    @Test
    void initMakesRepositoryKeyAndStateAndShowsTheCodeOnce() throws IOException {
        Shop.Run first = shop.run("init", "--json").ended(ExitCode.DONE);
        assertTrue(first.json().get("created").asBoolean());
        assertEquals("packed", first.json().get("type").asText());
        assertTrue(first.json().get("recoveryCode").asText().matches("([0-9A-Z]{4}-){13}[0-9A-Z]{4}"), first.out());
        assertTrue(Files.isRegularFile(shop.path("backup.key")));
        assertTrue(Files.isRegularFile(shop.path("backups/cairn.json")));
        assertTrue(Files.isDirectory(shop.path("state")));
        byte[] key = Files.readAllBytes(shop.path("backup.key"));

        Shop.Run second = shop.run("init", "--json").ended(ExitCode.DONE);
        assertFalse(second.json().get("created").asBoolean());
        assertTrue(second.json().get("recoveryCode").isNull());
        assertEquals(new String(key, StandardCharsets.US_ASCII), Files.readString(shop.path("backup.key")));
    }

    @Test
    void quietInitStillShowsTheCodeWhichNobodyCouldShowAgain() {
        Shop.Run run = shop.run("-q", "init").ended(ExitCode.DONE);
        assertTrue(run.out().contains("recovery code: "), run.out());
        assertTrue(run.out().contains("cairn keys confirm"), run.out());
        assertFalse(run.out().contains("made the"), run.out());
    }

    @Test
    void runTakesASnapshotThatListAndShowTellAbout() throws IOException {
        shop.run("init").ended(ExitCode.DONE);
        JsonNode taken = shop.run("run", "--json", "--label", "@before the move", "--dataset", "data")
                .ended(ExitCode.DONE)
                .json();
        assertEquals("snap-1", taken.at("/snapshots/0/id").asText());
        assertEquals("@before the move", taken.at("/snapshots/0/label").asText());
        long bytes = "first order\nseven apples\n".length();
        assertEquals(bytes, taken.at("/snapshots/0/sizeBytes").asLong());

        JsonNode list = shop.run("--json", "list").ended(ExitCode.DONE).json();
        assertEquals(1, list.get("snapshots").size());
        assertEquals(0, list.get("otherLineages").asInt());
        JsonNode shown =
                shop.run("show", "snap-1", "--json").ended(ExitCode.DONE).json();
        assertEquals(list.at("/snapshots/0"), shown);
        assertEquals("MANUAL", shown.get("trigger").asText());
        assertEquals("files", shown.at("/datasets/0/kind").asText());
        assertEquals(bytes, shown.at("/datasets/0/bytes").asLong());
        assertTrue(shown.get("lastVerified").isNull());

        Shop.Run text = shop.run("list").ended(ExitCode.DONE);
        assertTrue(text.out().contains("before the move") && text.out().contains("never"), text.out());
        assertEquals("snap-1\n", shop.run("list", "-q").out());
        assertEquals("snap-2\n", shop.run("run", "-q").out());
    }

    @Test
    void whatDoesNotExistIsAWrongCommandLine() throws IOException {
        shop.run("init").ended(ExitCode.DONE);
        Shop.Run show = shop.run("show", "snap-9", "--json").ended(ExitCode.USAGE);
        assertEquals("snapshot_not_found", show.json().get("error").asText());
        assertTrue(show.json().get("message").asText().contains("snap-9"));
        assertTrue(show.json()
                .get("message")
                .asText()
                .endsWith(show.json().get("nextStep").asText()));
        Shop.Run dataset = shop.run("run", "--dataset", "dada").ended(ExitCode.USAGE);
        assertTrue(dataset.err().contains("'dada'") && dataset.err().contains("[data]"), dataset.err());
        assertEquals("", dataset.out());
        shop.run("verify").ended(ExitCode.USAGE);
        shop.run("run", "--due", "--pin").ended(ExitCode.USAGE);
        shop.run("run", "--due", "--forever").ended(ExitCode.USAGE);
        shop.run("run", "--due").ended(ExitCode.USAGE); // There are no schedules.
        assertEquals("", shop.run("list", "-q").out());
    }

    @Test
    void withoutARepositoryNothingIsMadeByAccident() throws IOException {
        Shop.Run gone = shop.run("list").ended(ExitCode.STORE);
        assertTrue(
                gone.err().contains(shop.path("backups").toString())
                        && gone.err().contains("cairn init"),
                gone.err());
        Files.createDirectory(shop.path("backups"));
        Shop.Run empty = shop.run("run").ended(ExitCode.USAGE);
        assertTrue(empty.err().contains("no packed repository"), empty.err());
        try (Stream<Path> made = Files.list(shop.path("backups"))) {
            assertEquals(List.of(), made.toList());
        }
        assertFalse(Files.exists(shop.path("backup.key")));
        assertFalse(Files.exists(shop.path("state")));
    }

    @Test
    void verifyReadsEverythingBackAndRemembersIt() throws IOException {
        shop.run("init");
        shop.run("run").ended(ExitCode.DONE);
        JsonNode verified = shop.run("verify", "--json").ended(ExitCode.DONE).json();
        assertTrue(verified.at("/snapshots/0/passed").asBoolean());
        assertEquals(25, verified.at("/snapshots/0/bytes").asLong());
        assertFalse(
                shop.run("show", "snap-1", "--json").json().get("lastVerified").isNull());
        assertEquals(
                1, shop.run("verify", "--all", "--json").json().get("snapshots").size());
    }

    @Test
    void damageIsFoundByVerifyAndCheckAndNamedByRepair() throws IOException {
        shop.run("init");
        shop.run("run").ended(ExitCode.DONE);
        damagePacks();
        Shop.Run verify = shop.run("verify", "snap-1", "--json").ended(ExitCode.DAMAGE);
        assertFalse(verify.json().at("/snapshots/0/passed").asBoolean());
        assertTrue(verify.json().at("/snapshots/0/problems").size() > 0, verify.out());
        assertTrue(
                shop.run("show", "snap-1", "--json").json().get("lastVerified").isNull());
        assertEquals(
                "snap-1\n",
                shop.run("-q", "verify", "snap-1").ended(ExitCode.DAMAGE).out());

        JsonNode check = shop.run("check", "--json").ended(ExitCode.DAMAGE).json();
        assertFalse(check.get("passed").asBoolean());
        assertTrue(check.get("problems").size() > 0, check::toString);
        assertTrue(check.get("actions").isNull());

        JsonNode repair = shop.run("repair", "--json").ended(ExitCode.DAMAGE).json();
        assertTrue(repair.at("/lost/snap-1").toString().contains("data/"), repair::toString);
        assertFalse(repair.get("actions").isNull());
        shop.write("data/more.txt", "so that something changes\n");
        shop.run("run").ended(ExitCode.DONE);
        shop.run("verify").ended(ExitCode.DONE); // The source still had it.
    }

    @Test
    void checkLooksAsDeepAsAsked() throws IOException {
        shop.run("init");
        shop.run("run").ended(ExitCode.DONE);
        JsonNode shallow = shop.run("check", "--depth", "presence", "--json")
                .ended(ExitCode.DONE)
                .json();
        assertEquals("presence", shallow.get("depth").asText());
        JsonNode deep = shop.run("check", "--depth", "RESTORE", "--budget", "10m", "--json")
                .ended(ExitCode.DONE)
                .json();
        assertTrue(deep.get("passed").asBoolean());
        assertTrue(
                deep.get("bytesChecked").asLong() > shallow.get("bytesChecked").asLong());
        shop.run("check", "--depth", "bottom").ended(ExitCode.USAGE);
        shop.run("check", "--budget", "soon").ended(ExitCode.USAGE);
    }

    @Test
    void pruneSaysWhyAndADryRunRemovesNothing() throws IOException {
        shop.configured(", \"keepManual\": {\"last\": 2}");
        shop.run("init");
        for (int i = 0; i < 4; i++) {
            shop.run("run").ended(ExitCode.DONE);
        }
        shop.run("pin", "snap-1", "--reason", "the first").ended(ExitCode.DONE);
        JsonNode dry =
                shop.run("prune", "--dry-run", "--json").ended(ExitCode.DONE).json();
        assertTrue(dry.get("dryRun").asBoolean());
        assertEquals("snap-2", dry.at("/removed/0/id").asText());
        assertEquals(1, dry.get("removed").size());
        assertTrue(dry.at("/removed/0/reasons").size() > 0);
        assertTrue(dry.at("/kept/0/reasons").toString().contains("pin"), dry::toString);
        assertEquals(4, count());
        JsonNode real = shop.run("prune", "--json").ended(ExitCode.DONE).json();
        assertEquals(dry.get("removed"), real.get("removed"));
        assertEquals(3, count());

        shop.run("unpin", "snap-1").ended(ExitCode.DONE);
        assertTrue(shop.run("prune").out().contains("removed snap-1"));
        assertEquals(2, count());
        assertTrue(shop.run("run", "--prune").ended(ExitCode.DONE).out().contains("removed 1 older snapshot"));
        assertEquals(2, count());
        String pinned = shop.run("-q", "run", "--pin").ended(ExitCode.DONE).out();
        shop.run("delete", pinned.strip()).ended(ExitCode.REFUSED);
        shop.run("delete", "snap-4").ended(ExitCode.DONE);
        String left = shop.run("-q", "list").out();
        assertTrue(left.endsWith(pinned) && !left.contains("snap-4"), left);
    }

    @Test
    void sweepFreesWhatNobodyNeeds() throws IOException {
        shop.run("init");
        shop.run("run").ended(ExitCode.DONE);
        JsonNode swept = shop.run("sweep", "--wait", "0s", "--max-unused", "0", "--json")
                .ended(ExitCode.DONE)
                .json();
        assertEquals(0, swept.get("packsWaiting").asInt());
        assertTrue(swept.get("elapsedMillis").isNumber());
        shop.run("sweep", "--max-unused", "2").ended(ExitCode.USAGE);
        shop.run("verify").ended(ExitCode.DONE);
    }

    @Test
    void aSuspectSnapshotIsToldAndWaitsForAnAcknowledgement() throws IOException {
        shop.configured(", \"keepManual\": {\"last\": 1}");
        for (int i = 0; i < 30; i++) {
            shop.write("data/many-" + i + ".txt", "x".repeat(5000) + i);
        }
        shop.run("init");
        shop.run("run").ended(ExitCode.DONE);
        for (int i = 0; i < 30; i++) {
            Files.delete(shop.path("data/many-" + i + ".txt"));
        }
        Shop.Run empty = shop.run("run", "--prune").ended(ExitCode.DONE);
        assertTrue(empty.out().contains("suspect") && empty.out().contains("cairn acknowledge snap-2"), empty.out());
        assertEquals(2, count(), "nothing older is removed");
        JsonNode status = shop.run("status", "--json").ended(ExitCode.FAILED).json();
        assertEquals("[\"snap-2\"]", status.get("suspects").toString());
        shop.run("pin", "snap-2", "--reason", "to be looked at").ended(ExitCode.DONE);
        JsonNode listed = shop.run("list", "--json").ended(ExitCode.DONE).json();
        assertTrue(listed.at("/snapshots/0/objection").isNull());
        assertTrue(listed.at("/snapshots/1/objection").asText().startsWith("suspect: "), listed.toString());
        assertTrue(listed.at("/snapshots/1/pins/0").asText().endsWith(": to be looked at"), listed.toString());
        assertTrue(shop.run("list").out().contains("suspect, pinned"));
        assertTrue(shop.run("show", "snap-2").out().contains("suspect: "));
        shop.run("acknowledge", "snap-2").ended(ExitCode.USAGE); // Nobody said why.
        shop.run("acknowledge", "snap-2", "--reason", "moved to the archive").ended(ExitCode.DONE);
        shop.run("prune").ended(ExitCode.DONE);
        assertEquals("snap-2\n", shop.run("-q", "list").out());
        assertTrue(
                shop.run("list", "--json").json().at("/snapshots/0/objection").isNull(), "it is accepted");
    }

    @Test
    void statusTellsHealthAgainstSchedulesAndObjectives() throws IOException {
        shop.configured(
                ", \"schedules\": [{\"name\": \"nightly\", \"daily\": \"02:00\", \"zone\": \"UTC\", \"keep\": {\"last\": 7}}],"
                        + " \"objectives\": [{\"datasets\": [\"data\"], \"rpo\": \"1h\"}]");
        shop.run("init");
        JsonNode unprotected =
                shop.run("status", "--json").ended(ExitCode.FAILED).json();
        assertEquals("DEGRADED", unprotected.get("status").asText());
        String problems = unprotected.get("problems").toString();
        assertTrue(problems.contains("recovery code"), problems);
        assertTrue(problems.contains("dataset 'data' has no snapshot"), problems);
        shop.run("keys", "decline", "--reason", "a test").ended(ExitCode.DONE);
        shop.run("run").ended(ExitCode.DONE);
        JsonNode status = shop.run("status", "--json").ended(ExitCode.DONE).json();
        assertEquals("HEALTHY", status.get("status").asText());
        assertEquals(3_600_000, status.at("/datasets/0/rpoObjectiveMillis").asLong());
        assertFalse(status.at("/datasets/0/newest").isNull());
        assertEquals("nightly", status.at("/schedules/0/name").asText());
        assertTrue(status.at("/schedules/0/nextAttempt").asText().contains("T02:00:00Z"));
        assertTrue(shop.run("status").ended(ExitCode.DONE).out().contains("healthy, 1 snapshot"));
    }

    @Test
    void whatIsNotCapturedBecauseOnlyTheHostHasItIsSaid() throws IOException {
        shop.configuration("""
                {"repository": {"type": "packed", "path": "backups"}, "state": "state", "keys": [{"file": "backup.key"}],
                 "datasets": [{"name": "data", "type": "files", "path": "data"}, {"name": "sessions", "type": "host"}]}
                """);
        shop.run("init");
        Shop.Run run = shop.run("run", "--json").ended(ExitCode.DONE);
        assertEquals("[\"sessions\"]", run.json().get("notIncluded").toString());
        assertTrue(shop.run("run").out().contains("dataset 'sessions' is in the memory of the host"));
        shop.run("verify", "--all").ended(ExitCode.DONE);
    }

    @Test
    void aLostStateStoreIsToldAndTheOldSnapshotsAreStillThere() throws IOException {
        shop.run("init");
        shop.run("run").ended(ExitCode.DONE);
        Files.move(shop.path("state"), shop.path("lost"));
        Shop.Run list = shop.run("list").ended(ExitCode.DONE);
        assertTrue(list.out().contains("1 snapshot of other installations"), list.out());
        Shop.Run run = shop.run("run").ended(ExitCode.DONE);
        assertTrue(run.out().contains("if the state store was lost"), run.out());
        assertEquals(
                2, shop.run("list", "--all", "--json").json().get("snapshots").size());
        assertFalse(shop.run("run").out().contains("if the state store was lost"));
    }

    @Test
    void aBrowsableRepositoryIsListedAndVerifiedAndHasNoKeys() throws IOException {
        shop.configuration("""
                {"repository": {"type": "browsable", "path": "backups", "digest": "sha512"}, "state": "state", "naming": "timestamp",
                 "datasets": [{"name": "data", "type": "files", "path": "data"}]}
                """);
        assertTrue(shop.run("init", "--json").json().get("recoveryCode").isNull());
        String id = shop.run("-q", "run", "--label", "pre release")
                .ended(ExitCode.DONE)
                .out()
                .strip();
        assertTrue(id.matches("[0-9]{8}_[0-9]{6}_pre-release"), id);
        Path copy = shop.path("backups/" + id + "/snapshot/data/orders.txt");
        assertEquals("first order\n", Files.readString(copy));
        shop.run("verify").ended(ExitCode.DONE);
        Shop.Run keys = shop.run("keys", "list").ended(ExitCode.USAGE);
        assertTrue(keys.err().contains("has no keys"), keys.err());
        shop.run("check").ended(ExitCode.USAGE);
        Files.writeString(copy, "forged order");
        Shop.Run verify = shop.run("verify", id).ended(ExitCode.DAMAGE);
        assertTrue(verify.out().contains("orders.txt"), verify.out());
        Files.writeString(shop.path("backups/" + id + "/manifest.json"), "{");
        shop.run("verify", "--all").ended(ExitCode.DAMAGE);
    }

    @Test
    void theExampleOfAConfigurationHasNoMistakes() throws IOException {
        Shop.Run example = shop.run("config", "--example").ended(ExitCode.DONE);
        shop.configuration(example.out());
        JsonNode checked = shop.run("config", "--json").ended(ExitCode.DONE).json();
        assertEquals("[\"notes\",\"config\"]", checked.get("datasets").toString());
        assertEquals("[\"nightly\",\"quarter\"]", checked.get("schedules").toString());
        assertTrue(shop.run("config").out().contains("has no mistakes"));
        assertEquals(
                example.out().strip(),
                shop.run("config", "--example", "--json").json().get("example").asText());
    }

    private int count() throws IOException {
        return shop.run("list", "--json")
                .ended(ExitCode.DONE)
                .json()
                .get("snapshots")
                .size();
    }

    private void damagePacks() throws IOException {
        try (Stream<Path> files = Files.walk(shop.path("backups/packs"))) {
            for (Path pack : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                for (int at = bytes.length / 4; at < bytes.length; at += 64) {
                    bytes[at] ^= 1;
                }
                Files.write(pack, bytes);
            }
        }
    }
}
