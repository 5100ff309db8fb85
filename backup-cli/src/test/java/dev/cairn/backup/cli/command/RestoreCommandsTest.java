package dev.cairn.backup.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.Premises;
import dev.cairn.backup.cli.Shop;
import dev.cairn.backup.cli.session.RestoreTurn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** plan, restore, rollback and drill, while the host is down. */
class RestoreCommandsTest {

    @TempDir
    private Path temp;

    private Premises premises;
    private Shop shop;
    private SnapshotId first;

    @BeforeEach
    void aHostThatIsDownAfterItsSecondWord() throws IOException {
        premises = Premises.in(temp, "browsable");
        shop = premises.shop();
        first = premises.snapshot("first");
        premises.say("second");
    }

    @Test
    void aPlanTellsWhatWouldBeDoneAndTouchesNothing() throws IOException {
        JsonNode plan = shop.run("plan", first.value(), "--paths", "10", "--json")
                .ended(ExitCode.DONE)
                .json();
        assertEquals(first.value(), plan.get("snapshot").asText());
        assertEquals("ok", plan.get("verdict").asText());
        assertTrue(plan.get("permitted").asBoolean());
        assertEquals(3_600_000, plan.get("maxAgeMillis").asLong());
        assertEquals("gateway", plan.at("/pending/0").asText());
        JsonNode data = dataset(plan, "data");
        assertEquals(1, data.get("replace").asLong());
        assertEquals(1, data.get("remove").asLong());
        assertEquals(
                "[\"replace word\",\"remove folder/only-second\"]",
                data.get("paths").toString());
        assertEquals("second", premises.told());

        Shop.Run text = shop.run("plan", "latest").ended(ExitCode.DONE);
        assertTrue(text.out().contains("it may be restored"), text.out());
        assertTrue(text.out().contains("data: replace word"), text.out());
        assertEquals("second", premises.told());
    }

    private static JsonNode dataset(JsonNode plan, String name) {
        for (JsonNode each : plan.get("datasets")) {
            if (each.get("dataset").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError(name + " is not in " + plan);
    }

    @Test
    void aRestoreReplacesTheDisksNowAndLeavesTheMemoryForTheHostsNextStart() throws IOException {
        JsonNode report = shop.run("restore", "latest", "--yes", "--json")
                .ended(ExitCode.PENDING)
                .json();
        assertEquals("first", premises.told());
        assertEquals("second", premises.memory(), "there is no host to hand it to");
        assertEquals(first.value(), report.get("snapshot").asText());
        assertEquals("[\"gateway\"]", report.get("pending").toString());
        assertEquals("[\"gateway\",\"data\",\"db\"]", report.get("datasets").toString());
        assertTrue(report.get("safetySnapshot").isTextual(), report::toString);
        assertTrue(report.at("/stepsMillis/swap").isIntegralNumber(), report::toString);
        premises.start().close();
        assertEquals("first", premises.memory());
        assertEquals("first", premises.told());
    }

    @Test
    void latestIsNeverTheSafetySnapshotOfAnEarlierRestore() throws IOException {
        shop.run("restore", "latest", "--dataset", "data", "--dataset", "db", "-y")
                .ended(ExitCode.DONE);
        premises.say("third");
        JsonNode plan =
                shop.run("plan", "latest", "--dataset", "data", "--json").json();
        assertEquals(first.value(), plan.get("snapshot").asText());
    }

    @Test
    void latestHoldsWhatWasAskedFor() throws IOException {
        SnapshotId onlyTheDatabase;
        try (SnapshotManager host = premises.start()) {
            onlyTheDatabase = host.create(SnapshotRequest.of().datasets(DatasetSelection.only("db")))
                    .metadata()
                    .id();
        }
        assertEquals(onlyTheDatabase.value(), planned("latest"));
        assertEquals(onlyTheDatabase.value(), planned("latest", "--dataset", "db"));
        assertEquals(first.value(), planned("latest", "--dataset", "data"));
        assertEquals(first.value(), planned("latest", "--path", "data/word"));
        Shop.Run none = shop.run("plan", "latest", "--dataset", "elsewhere").ended(ExitCode.USAGE);
        assertTrue(none.err().contains("cairn list --all"), none.err());
    }

    @Test
    void aTimeMeansTheNewestGoodSnapshotAtIt() throws IOException {
        SnapshotId later = premises.snapshot("third");
        String taken =
                shop.run("--json", "list").json().at("/snapshots/1/createdAt").asText();
        assertEquals(later.value(), planned("--at", taken));
        assertEquals(
                first.value(),
                planned("--at", java.time.Instant.parse(taken).minusNanos(1).toString()));
        Shop.Run before = shop.run("plan", "--at", "2001-01-01T00:00Z").ended(ExitCode.USAGE);
        assertTrue(before.err().contains("2001-01-01T00:00Z") && before.err().contains("cairn list"), before.err());
        Shop.Run nonsense = shop.run("plan", "--at", "yesterday").ended(ExitCode.USAGE);
        assertTrue(nonsense.err().contains("2026-11-21T17:30:05Z"), nonsense.err());
        shop.run("plan", first.value(), "--at", taken).ended(ExitCode.USAGE);
        shop.run("plan").ended(ExitCode.USAGE);
        shop.run("plan", "snap-99").ended(ExitCode.USAGE);
    }

    private String planned(String... choice) throws IOException {
        String[] all = new String[choice.length + 2];
        all[0] = "plan";
        all[1] = "--json";
        System.arraycopy(choice, 0, all, 2, choice.length);
        return shop.run(all).ended(ExitCode.DONE).json().get("snapshot").asText();
    }

    @Test
    void onlyOnePathIsRestoredAndAnOverlayRemovesNothing() throws IOException {
        shop.write("data/extra", "mine");
        shop.run("restore", first.value(), "--path", "data/word", "-y").ended(ExitCode.DONE);
        assertEquals("first", Files.readString(shop.path("data/word")));
        assertTrue(Files.exists(shop.path("data/folder/only-second")));
        shop.run("restore", first.value(), "--dataset", "data", "--overlay", "-y")
                .ended(ExitCode.DONE);
        assertTrue(Files.exists(shop.path("data/extra")));
        shop.run("restore", first.value(), "--dataset", "data", "-y").ended(ExitCode.DONE);
        assertFalse(Files.exists(shop.path("data/extra")));
        Shop.Run none = shop.run("restore", first.value(), "--path", "data/nowhere", "-y")
                .ended(ExitCode.REFUSED);
        assertTrue(none.err().contains("'nowhere'"), none.err());
        shop.run("restore", first.value(), "--path", "data", "-y").ended(ExitCode.USAGE);
        shop.run("restore", first.value(), "--path", "db/shop.db", "-y").ended(ExitCode.REFUSED);
        shop.run("restore", first.value(), "--dataset", "elsewhere", "-y").ended(ExitCode.USAGE);
    }

    @Test
    void withoutATerminalItNeedsYesAndOnOneTheWordYes() throws IOException {
        Shop.Run piped = shop.run("restore", first.value()).ended(ExitCode.REFUSED);
        assertTrue(piped.err().contains("--yes"), piped.err());
        Shop.Run no = typed("n\n", "restore", first.value()).ended(ExitCode.REFUSED);
        assertTrue(no.err().contains("DATASET") && no.err().contains("not confirmed"), no.err());
        assertEquals("", no.out());
        typed("", "restore", first.value()).ended(ExitCode.REFUSED);
        assertEquals("second", premises.told());
        typed("yes\n", "restore", first.value(), "--dataset", "data", "--dataset", "db")
                .ended(ExitCode.DONE);
        assertEquals("first", premises.told());
    }

    @Test
    void whoeverPressesCtrlCWhenAskedIsNotMadeToWait() throws Exception {
        shop.run("restore", first.value(), "--dataset", "data", "--dataset", "db", "-y")
                .ended(ExitCode.DONE);
        assertEquals("first", premises.told());
        for (String command : List.of("restore", "rollback")) {
            Shop.Run stopped = (command.equals("restore")
                            ? shop.interruptedWhenItAsks(command, first.value())
                            : shop.interruptedWhenItAsks(command))
                    .ended(ExitCode.CANCELLED);
            assertTrue(stopped.err().contains("Type yes"), stopped.err());
        }
        assertEquals("", shop.run("list").ended(ExitCode.DONE).err(), "nothing was begun");
        assertEquals("first", premises.told());
    }

    private Shop.Run typed(String text, String... arguments) {
        return shop.run(text, Map.of(), true, new CancellationToken(), arguments);
    }

    @Test
    void oneThatIsTooOldNeedsANamedOperatorAndAReason() throws IOException {
        Shop.Run refused = shop.run("-c", "strict.json", "restore", "latest", "-y", "--json")
                .ended(ExitCode.REFUSED);
        assertEquals("restore_refused", refused.json().get("error").asText());
        assertTrue(refused.json().get("nextStep").asText().contains("--approve-too-old"), refused.out());
        JsonNode plan = shop.run("-c", "strict.json", "plan", "latest", "--json")
                .ended(ExitCode.REFUSED)
                .json();
        assertEquals("too_old", plan.get("verdict").asText());
        assertFalse(plan.get("permitted").asBoolean());
        shop.run("-c", "strict.json", "restore", "latest", "-y", "--approve-too-old")
                .ended(ExitCode.USAGE);
        assertEquals("second", premises.told());

        JsonNode report = shop.run(
                        "-c",
                        "strict.json",
                        "restore",
                        "latest",
                        "-y",
                        "--json",
                        "--approve-too-old",
                        "--as",
                        "anna",
                        "--reason",
                        "the disk broke")
                .ended(ExitCode.PENDING)
                .json();
        assertEquals("anna", report.get("approvedBy").asText());
        assertEquals("first", premises.told());
        String audit = audit();
        assertTrue(audit.contains("anna") && audit.contains("the disk broke"), audit);
    }

    private String audit() throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.walk(shop.path("audit"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Test
    void aVersionThatThisInstallationNeverReachedIsRefusedWithAnyApproval() throws IOException {
        premises.version(7).snapshot("third");
        Path other = temp.resolve("other");
        Premises foreign = Premises.in(other, "browsable");
        foreign.version(8).snapshot("foreign");
        foreign.shop()
                .run("export", "latest", temp.resolve("foreign.tar").toString())
                .ended(ExitCode.DONE);
        String imported = shop.run("import", "foreign.tar", "-q")
                .ended(ExitCode.DONE)
                .out()
                .strip();
        Shop.Run refused = shop.run("restore", imported, "-y", "--approve-too-old", "--reason", "I want it")
                .ended(ExitCode.REFUSED);
        assertTrue(refused.err().contains("version 8") && refused.err().contains("more than 7"), refused.err());
        JsonNode plan =
                shop.run("plan", imported, "--json").ended(ExitCode.REFUSED).json();
        assertEquals("version_ahead", plan.get("verdict").asText());
        assertEquals(8, plan.get("snapshotVersion").asLong());
        assertEquals(7, plan.get("currentVersion").asLong());
        assertEquals("third", premises.told());
    }

    @Test
    void whoeverHasTheDatabaseOpenIsAskedToLetGoAndNothingIsReplaced() throws IOException, SQLException {
        try (Connection connection = premises.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("begin immediate");
            Shop.Run busy = shop.run("restore", first.value(), "-y").ended(ExitCode.REFUSED);
            assertTrue(busy.err().contains("'db'"), busy.err());
            statement.execute("rollback");
        }
        assertEquals("second", premises.told());
        shop.run("restore", first.value(), "-y").ended(ExitCode.PENDING);
    }

    @Test
    void aHostThatRunsIsRefusedByName() throws IOException {
        String file = Files.readString(shop.path("cairn-backup.json"));
        shop.configuration(file.replaceFirst(
                "\"state\"", "\"host\": {\"name\": \"the shop\", \"pidFile\": \"shop.pid\"}, \"state\""));
        shop.write("shop.pid", Long.toString(ProcessHandle.current().pid()));
        for (String[] command : List.of(
                new String[] {"restore", "latest", "-y"},
                new String[] {"plan", "latest"},
                new String[] {"rollback", "-y"},
                new String[] {"drill", "latest"},
                new String[] {"export", "latest", "x.tar"})) {
            Shop.Run refused = shop.run(command).ended(ExitCode.REFUSED);
            assertTrue(refused.err().contains("'the shop'"), refused.err());
        }
        shop.run("ls", "latest").ended(ExitCode.DONE);
        assertEquals("second", premises.told());
    }

    @Test
    void whileAnotherCairnRestoresNoneTakesItsWorkForInterrupted() {
        RestoreTurn turn = RestoreTurn.take(shop.path("state"));
        try {
            Shop.Run refused = shop.run("restore", "latest", "-y").ended(ExitCode.REFUSED);
            assertTrue(refused.err().contains("Another cairn"), refused.err());
            shop.run("list").ended(ExitCode.REFUSED);
        } finally {
            turn.close();
        }
        shop.run("list").ended(ExitCode.DONE);
    }

    @Test
    void aCancelledRestoreChangesNothing() throws IOException {
        CancellationToken token = new CancellationToken();
        token.cancel();
        shop.run("", Map.of(), false, token, "restore", "latest", "-y").ended(ExitCode.CANCELLED);
        assertEquals("second", premises.told());
        assertEquals("", shop.run("list").ended(ExitCode.DONE).err());
    }

    @Test
    void aRollbackBringsBackTheStateBeforeAndIsItselfARestore() throws IOException {
        shop.run("rollback", "-y").ended(ExitCode.USAGE);
        Shop.Run restored = shop.run("restore", "latest", "-y", "--json", "--dataset", "data", "--dataset", "db")
                .ended(ExitCode.DONE);
        shop.write("report.json", restored.out());
        assertEquals("first", premises.told());
        shop.run("rollback").ended(ExitCode.REFUSED);
        Shop.Run other = shop.run("rollback", "restore-77", "-y").ended(ExitCode.USAGE);
        assertTrue(other.err().contains("'restore-1'"), other.err());
        JsonNode back = shop.run("rollback", "restore-1", "-y", "--json")
                .ended(ExitCode.DONE)
                .json();
        assertEquals("[\"data\",\"db\"]", back.get("datasets").toString());
        assertEquals("second", premises.told());
        shop.run("rollback", "-y").ended(ExitCode.DONE);
        assertEquals("first", premises.told());
        typed("yes\n", "rollback").ended(ExitCode.DONE);
        assertEquals("second", premises.told());
    }

    @Test
    void whatAlsoReplacedTheHostsMemoryIsTakenBackOnlyForTheDisksAndOnlyIfAsked() throws IOException {
        shop.run("restore", first.value(), "-y").ended(ExitCode.PENDING);
        Shop.Run refused = shop.run("rollback", "-y").ended(ExitCode.REFUSED);
        assertTrue(refused.err().contains("[gateway]"), refused.err());
        assertEquals("first", premises.told());
        String advice = refused.err().replaceAll("(?s).*cairn (restore [^\n]*?)\\s*$", "$1") + " -y";
        shop.run(advice.split(" ")).ended(ExitCode.DONE);
        assertEquals("second", premises.told());
    }

    @Test
    void anEarlierRestoreIsTakenBackByItsReport() throws IOException {
        shop.write(
                "report.json",
                shop.run("restore", first.value(), "-y", "--json", "--path", "data/word")
                        .out());
        shop.run("restore", first.value(), "-y", "--dataset", "db").ended(ExitCode.DONE);
        shop.run("rollback", "report.json", "-y").ended(ExitCode.DONE);
        assertEquals("second", Files.readString(shop.path("data/word")));
        for (String wrong :
                List.of("", "[]", "{\"datasets\": [\"data\"]}", "{\"restoreId\": 7, \"datasets\": [\"x\"]}")) {
            shop.write("wrong.json", wrong);
            Shop.Run refused = shop.run("rollback", "wrong.json", "-y").ended(ExitCode.USAGE);
            assertTrue(refused.err().contains("wrong.json"), refused.err());
        }
    }

    @Test
    void aDrillRestoresIntoIsolationMeasuresAndFindsWhatIsDamaged() throws IOException {
        JsonNode drill = shop.run("drill", "--control", "latest", "--json")
                .ended(ExitCode.DONE)
                .json();
        assertTrue(drill.get("passed").asBoolean(), drill::toString);
        assertEquals("[\"gateway\"]", drill.get("notRehearsed").toString());
        assertTrue(drill.get("controlled").asBoolean());
        assertTrue(
                drill.get("steps").findValuesAsText("name").containsAll(List.of("restore_data", "integrity_db")),
                drill::toString);
        assertEquals("second", premises.told());
        Shop.Run late = shop.run("drill", "latest", "--dataset", "data", "--rpo", "PT0.001S")
                .ended(ExitCode.DAMAGE);
        assertTrue(late.out().contains("failed"), late.out());
        shop.run("drill", "latest", "--rto", "soon").ended(ExitCode.USAGE);
    }

    @Test
    void aPreparedRestoreIsHandedOverByTheHostAlsoIfCommandsCameBetween() throws IOException {
        shop.run("restore", "latest", "-y").ended(ExitCode.PENDING);
        shop.run("list").ended(ExitCode.DONE);
        shop.run("plan", "latest").ended(ExitCode.DONE);
        try (SnapshotManager host = premises.start()) {
            assertEquals(
                    1,
                    host.trash().stream()
                            .filter(item -> item.dataset().equals("data"))
                            .count());
        }
        assertEquals("first", premises.memory());
    }
}
