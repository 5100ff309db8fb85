package dev.cairn.backup.examples.magds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.Actor;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line of MagDS, number by number. */
class MagdsCommandTest {

    private static final Instant NOON = Instant.parse("2025-10-19T12:30:00Z");

    @TempDir
    Path folder;

    private Shell shell(String config) throws Exception {
        return Shell.in(folder.resolve("app"), config);
    }

    private Shell shell() throws Exception {
        return shell(Kernel.CONFIG);
    }

    /** The usual configuration with more keys in {@code magds.backup}. */
    private static String with(String more) {
        return Kernel.CONFIG.replace("\"datasets\"", more + ", \"datasets\"");
    }

    private static String hex(String algorithm, Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(Files.readAllBytes(file)));
    }

    @Test
    void magds01_idsAreTimesInUtcWithALabel() throws Exception {
        Shell shell = shell();
        MagdsConfig config = MagdsConfigFile.read(shell.kernel().place());
        try (MagdsBackups backups = MagdsBackups.open(shell.kernel().place(), config, Actor.of("test"), () -> NOON)) {
            assertEquals(
                    "20251019_123000_pre-release",
                    backups.run(Optional.of("pre-release"), SnapshotRequest.of())
                            .manifest()
                            .id());
            assertEquals(
                    "20251019_123000_a-b_c-d--",
                    backups.run(Optional.of("a b_c/d\u00e9!"), SnapshotRequest.of())
                            .manifest()
                            .id());
        }
        assertTrue(shell.run("--label=now").matches("\\d{8}_\\d{6}_now"));
        assertTrue(shell.run().matches("\\d{8}_\\d{6}"));
    }

    @Test
    void magds02_theManifestTellsEachDatasetsAlgorithmHashSourceAndBackupPlace() throws Exception {
        Shell shell = shell();
        MagRun run = shell.mag("magds:backup", "run", "--label=first");
        assertEquals(0, run.exitCode(), run.err());
        String id = run.line("backup:");
        Path file = shell.kernel().backups().resolve(id).resolve("manifest.json");
        assertEquals(file.toString(), run.line("manifest:"));
        BackupManifest manifest = BackupManifest.read(shell.kernel().backups(), id, null);
        assertEquals(id, manifest.id());
        assertEquals("first", manifest.label());
        assertTrue(Instant.parse(manifest.createdAt()).isBefore(Instant.now()));
        assertEquals(
                List.of("kernel_state", "worker_state", "graphs", "journal"),
                manifest.datasets().stream().map(BackupManifest.Entry::name).toList());
        BackupManifest.Entry kernel = manifest.datasets().get(0);
        assertEquals("SHA-256", kernel.algorithm());
        assertEquals(hex("SHA-256", shell.kernel().state()), kernel.hash());
        assertTrue(run.out().contains("kernel_state SHA-256:" + kernel.hash()), run.out());
        assertEquals(shell.kernel().state().toRealPath().toString(), kernel.source());
        assertEquals(hex("SHA-256", Path.of(kernel.backup()).resolve("system.json")), kernel.hash());
        assertFalse(Files.readString(file).contains("verified"), "nothing of verifications is in the digest's file");
        JsonNode json = shell.json("magds:backup", "verify", "--id=" + id, "--json");
        assertEquals(id, json.path("manifest").path("id").asText());
        assertEquals(
                manifest.createdAt(), json.path("manifest").path("created_at").asText());
        assertFalse(Instant.parse(json.path("manifest").path("last_verified_at").asText())
                .isAfter(Instant.now()));
    }

    @Test
    void magds02_theHashOfAFolderIsThatOfItsChecksumList() throws Exception {
        Shell shell = shell();
        BackupManifest manifest = BackupManifest.read(shell.kernel().backups(), shell.run(), null);
        BackupManifest.Entry graphs = manifest.datasets().get(2);
        Path a = shell.kernel().graphs().resolve("a/graph.json");
        Path turn = shell.kernel().graphs().resolve("turn-1.json");
        String list = hex("SHA-256", a) + "  a/graph.json\n" + hex("SHA-256", turn) + "  turn-1.json\n";
        assertEquals(
                HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(list.getBytes(StandardCharsets.UTF_8))),
                graphs.hash());
    }

    @ParameterizedTest
    @CsvSource({"sha512, SHA-512", "sha3-256, SHA3-256", "MD5, MD5"})
    void magds03_theAlgorithmIsConfiguration(String configured, String algorithm) throws Exception {
        Shell shell = shell(with("\"verification\": {\"algorithm\": \"" + configured + "\"}"));
        String id = shell.run();
        BackupManifest.Entry kernel = BackupManifest.read(shell.kernel().backups(), id, null)
                .datasets()
                .get(0);
        assertEquals(algorithm, kernel.algorithm());
        assertEquals(hex(algorithm, shell.kernel().state()), kernel.hash());
        assertEquals(0, shell.mag("magds:backup", "verify", "--id=" + id).exitCode());
    }

    @Test
    void magds03_anUnknownAlgorithmIsAnErrorBeforeAnythingIsWritten() throws Exception {
        Shell shell = shell(with("\"verification\": {\"algorithm\": \"sha257\"}"));
        SortedMap<String, String> before = Shell.hashes(folder);
        MagRun run = shell.mag("magds:backup", "run");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("/magds/backup/verification/algorithm: 'sha257' is unknown"), run.err());
        assertEquals(before, Shell.hashes(folder));
    }

    @ParameterizedTest
    @CsvSource({"2, 3, 2", "0, 6, 6", "-1, 2, 2", "unset, 6, 5"})
    void magds04_eachRunKeepsTheNewest(String maxCount, int runs, int kept) throws Exception {
        Shell shell = shell(
                maxCount.equals("unset") ? Kernel.CONFIG : with("\"retention\": {\"max_count\": " + maxCount + "}"));
        MagdsConfig config = MagdsConfigFile.read(shell.kernel().place());
        int pruned = 0;
        try (MagdsBackups backups = MagdsBackups.open(shell.kernel().place(), config, Actor.of("test"), () -> NOON)) {
            for (int i = 1; i <= runs; i++) {
                pruned +=
                        backups.run(Optional.of("n" + i), SnapshotRequest.of()).pruned();
            }
        }
        List<String> newest = IntStream.rangeClosed(runs - kept + 1, runs)
                .mapToObj(i -> "20251019_123000_n" + i)
                .toList();
        assertEquals(newest, shell.listed());
        assertEquals(runs - kept, pruned);
    }

    @Test
    void magds05_aMismatchIsNamedWithExitCode1AndLastVerifiedAtIsOnlySetOnSuccess() throws Exception {
        Shell shell = shell();
        String id = shell.run();
        Path stored = shell.kernel().backups().resolve(id).resolve("snapshot/kernel_state/system.json");
        byte[] good = Files.readAllBytes(stored);
        Path manifest = shell.kernel().backups().resolve(id).resolve("manifest.json");
        String digested = Files.readString(manifest);
        Files.writeString(stored, "{\"kernel\":6}");
        MagRun failed = shell.mag("magds:backup", "verify", "--id", id);
        assertEquals(1, failed.exitCode());
        assertTrue(failed.out().contains("kernel_state/system.json"), failed.out());
        Files.write(stored, good);
        try (MagdsBackups backups = open(shell)) {
            assertNull(backups.manifest(SnapshotId.of(id)).lastVerifiedAt());
        }
        MagRun passed = shell.mag("magds:backup", "verify", "--id", id);
        assertEquals(0, passed.exitCode(), passed.out());
        Instant at = Instant.parse(passed.line("last_verified_at:"));
        try (MagdsBackups backups = open(shell)) {
            assertEquals(at.toString(), backups.manifest(SnapshotId.of(id)).lastVerifiedAt());
        }
        assertEquals(digested, Files.readString(manifest), "it lies outside of what the digest is over");
        Files.delete(stored);
        assertEquals(1, shell.mag("magds:backup", "verify", "--id", id).exitCode());
    }

    private static MagdsBackups open(Shell shell) {
        MagdsPlace place = shell.kernel().place();
        return MagdsBackups.open(place, MagdsConfigFile.read(place), Actor.of("test"), Instant::now);
    }

    @Test
    void magds05_aConfiguredDatasetThatTheBackupLacksIsNamed() throws Exception {
        Shell shell = shell();
        String id = shell.run();
        MagRun verified = shell.mag("magds:backup", "verify", "--id", id);
        assertEquals(0, verified.exitCode());
        assertTrue(verified.out().contains("'notes'"), verified.out());
        assertFalse(verified.out().contains("'later'"), verified.out());
        shell.kernel()
                .configured(
                        Kernel.CONFIG.replace(
                                "\"datasets\": [",
                                "\"datasets\": [{\"name\": \"later\", \"source\": \"storage/later.json\", \"type\": \"file\"},"));
        MagRun added = shell.mag("magds:backup", "verify", "--id", id);
        assertEquals(0, added.exitCode(), added.err());
        assertTrue(added.out().contains("'later'"), added.out());
    }

    @Test
    void magds05_aMissingSourceFailsTheRunUnlessItIsOptional() throws Exception {
        Shell shell = shell();
        assertFalse(Files.exists(shell.kernel().place().root().resolve("storage/notes.md")));
        shell.run();
        Files.delete(shell.kernel().worker());
        MagRun failed = shell.mag("magds:backup", "run");
        assertEquals(1, failed.exitCode());
        assertTrue(failed.err().contains(shell.kernel().worker().toString()), failed.err());
        assertEquals(1, shell.listed().size());
    }

    @Test
    void magds06_aRestoreChecksAllHashesBeforeItTouchesAnything() throws Exception {
        Shell shell = shell();
        String id = shell.run();
        Files.writeString(shell.kernel().backups().resolve(id).resolve("snapshot/graphs/turn-1.json"), "[]");
        shell.kernel().turn(2);
        SortedMap<String, String> before = live(shell);
        MagRun refused = shell.mag("magds:restore", "--id", id);
        assertEquals(3, refused.exitCode());
        assertTrue(refused.err().contains("graphs/turn-1.json"), refused.err());
        assertEquals(before, live(shell));
    }

    private static SortedMap<String, String> live(Shell shell) {
        SortedMap<String, String> files =
                Shell.hashes(shell.kernel().place().root().resolve("storage"));
        files.keySet().removeIf(name -> name.matches("(backups|backup-state|audit|evidence)/.*|telemetry.json"));
        return files;
    }

    @Test
    void magds06_itGoesToTheConfiguredSourceAndReplacesWhatIsThere() throws Exception {
        Shell shell = shell();
        String then = shell.kernel().describe();
        String id = shell.run();
        shell.kernel().turn(2);
        assertNotEquals(then, shell.kernel().describe());
        MagRun restored = shell.mag("magds:restore", "--id", id);
        assertEquals(0, restored.exitCode(), restored.err());
        assertEquals(then, shell.kernel().describe());
        assertFalse(Files.exists(shell.kernel().graphs().resolve("turn-2.json")));
    }

    @Test
    void magds06_aManifestThatNamesAnotherSourceIsRefused() throws Exception {
        Shell shell = shell();
        String id = shell.run();
        Path elsewhere = shell.kernel().place().root().resolve("storage/elsewhere.json");
        shell.kernel().configured(Kernel.CONFIG.replace("storage/state/system.json", "storage/elsewhere.json"));
        MagRun refused = shell.mag("magds:restore", "--id", id);
        assertEquals(3, refused.exitCode());
        assertTrue(
                refused.err().contains(shell.kernel().state().toString())
                        && refused.err().contains(elsewhere.toString()),
                refused.err());
        assertFalse(Files.exists(elsewhere));
        shell.kernel().configured(Kernel.CONFIG);
        forgeSource(shell.kernel().backups().resolve(id).resolve("manifest.json"));
        SortedMap<String, String> before = live(shell);
        refused = shell.mag("magds:restore", "--id", id);
        assertEquals(3, refused.exitCode());
        assertTrue(refused.err().contains("/etc/passwd"), refused.err());
        assertEquals(before, live(shell));
    }

    /** By somebody who knows the format: the digest is right again. */
    private static void forgeSource(Path manifest) throws Exception {
        String none = "sha256:" + "0".repeat(64);
        ObjectNode json = (ObjectNode) Json.read(Files.readString(manifest));
        json.remove("root");
        for (JsonNode dataset : json.path("datasets")) {
            ((ObjectNode) dataset).remove("root");
        }
        ((ObjectNode) json.path("datasets").path(0)).put("source", "file:///etc/passwd");
        json.put("digest", none);
        String text = Json.MAPPER.writeValueAsString(json);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                manifest, text.replace(none, "sha256:" + HexFormat.of().formatHex(digest)));
    }

    @Test
    void magds06_aDryRunTouchesNothingAndTellsOneLineADataset() throws Exception {
        Shell shell = shell();
        String id = shell.run();
        shell.kernel().turn(2);
        SortedMap<String, String> before = withoutShutdowns(Shell.hashes(folder));
        MagRun dry = shell.mag("magds:restore", "--id", id, "--dry-run");
        assertEquals(0, dry.exitCode(), dry.err());
        assertEquals(before, withoutShutdowns(Shell.hashes(folder)));
        assertEquals(
                "graphs: " + shell.kernel().backups().resolve(id).resolve("snapshot/graphs") + " -> "
                        + shell.kernel().graphs().toRealPath() + ", create 0, replace 1, remove 1, keep ",
                dry.out()
                        .lines()
                        .filter(line -> line.startsWith("  graphs"))
                        .findFirst()
                        .orElseThrow()
                        .strip()
                        .replaceAll("\\d+$", ""));
        assertEquals(4, dry.out().lines().filter(line -> line.contains(" -> ")).count(), dry.out());
        JsonNode json = shell.json("magds:restore", "--id", id, "--dry-run", "--json");
        assertEquals("kernel_state", json.path("datasets").path(0).path("name").asText());
        assertEquals(1, json.path("datasets").path(0).path("replace").asInt());
    }

    /** The engine notes how it was closed last. */
    private static SortedMap<String, String> withoutShutdowns(SortedMap<String, String> files) {
        files.keySet().removeIf(name -> name.contains("backup-state/shutdown/"));
        return files;
    }

    @Test
    void magds07_countersGaugesAndEventsEachWithAnAuditLine() throws Exception {
        Shell shell = shell();
        Telemetry telemetry = new Telemetry(shell.kernel().place().telemetry());
        long begun = Instant.now().getEpochSecond();
        String id = shell.run();
        shell.run();
        assertEquals(2, telemetry.all().get("magdb.backups_total"));
        assertTrue(telemetry.all().get("magdb.last_backup_epoch") >= begun);
        assertEquals(0, telemetry.all().get("magdb.restores_total"));
        assertEquals(0, telemetry.all().get("magdb.last_restore_epoch"));
        shell.mag("magds:backup", "verify", "--id", id);
        shell.mag("magds:restore", "--id", id);
        assertEquals(1, telemetry.all().get("magdb.restores_total"));
        assertTrue(telemetry.all().get("magdb.last_restore_epoch") >= begun);
        assertEquals(2, telemetry.all().get("magdb.backups_total"));
        Files.delete(shell.kernel().backups().resolve(id).resolve("snapshot/kernel_state/system.json"));
        MagRun failed = shell.mag("magds:backup", "verify", "--id", id);
        assertTrue(failed.err().contains("ALERT magdb.backup.verify_failed " + id), failed.err());
        assertEquals(2, shell.audit("magdb.backup.completed").size());
        for (Map.Entry<String, String> event : Map.of(
                        "magdb.backup.verify_completed", "allowed",
                        "magdb.backup.verify_failed", "failed",
                        "magdb.restore.completed", "allowed")
                .entrySet()) {
            List<JsonNode> lines = shell.audit(event.getKey());
            assertEquals(1, lines.size(), event.getKey());
            assertEquals(id, lines.get(0).path("target").asText());
            assertEquals(event.getValue(), lines.get(0).path("outcome").asText());
            assertEquals("operator", lines.get(0).path("actor").asText());
        }
    }

    @Test
    void magds08_theKeysHaveTheirDefaults() throws Exception {
        Shell shell = shell();
        MagdsConfig config = MagdsConfigFile.read(shell.kernel().place());
        assertTrue(config.enabled());
        assertEquals(shell.kernel().backups(), config.path());
        assertEquals("sha256", config.algorithm());
        assertEquals(5, config.maxCount());
        assertEquals(
                List.of(
                        Source.Type.FILE,
                        Source.Type.FILE,
                        Source.Type.DIRECTORY,
                        Source.Type.SQLITE,
                        Source.Type.FILE),
                config.datasets().stream().map(Source::type).toList());
    }

    @Test
    void magds08_thePathIsConfiguration() throws Exception {
        Shell shell = shell(with("\"path\": \"../vault\""));
        String id = shell.run();
        assertTrue(Files.exists(folder.resolve("vault").resolve(id).resolve("manifest.json")));
        assertFalse(Files.exists(shell.kernel().backups()));
    }

    @Test
    void magds08_everyMistakeIsToldAtOnceWithItsPlace() throws Exception {
        Shell shell = shell("""
                {"magds": {"backup": {"enabled": "yes", "pth": "x", "retention": {"max_count": "five"}, "datasets": [
                  {"name": "a", "source": "x", "type": "blob"},
                  {"name": "a", "type": "file"},
                  {"name": ".b", "source": "y", "type": "file"}]}}}
                """);
        SortedMap<String, String> before = Shell.hashes(folder);
        MagRun run = shell.mag("magds:backup", "run");
        assertEquals(2, run.exitCode());
        for (String mistake : List.of(
                "magds.json:1:34: /magds/backup/enabled: \"yes\"",
                "/magds/backup/pth: 'pth' is not known here",
                "/magds/backup/retention/max_count: \"five\"",
                "magds.json:2:40: /magds/backup/datasets/0/type: \"blob\" cannot be that; allowed: file, directory or sqlite",
                "/magds/backup/datasets/1/name: another dataset is named 'a'",
                "magds.json:3:3: /magds/backup/datasets/1/source: it is missing",
                "/magds/backup/datasets/2/name: \".b\"")) {
            assertTrue(run.err().contains(mistake), () -> mistake + " is not in " + run.err());
        }
        assertEquals(before, Shell.hashes(folder));
    }

    @Test
    void magds09_whatIsDisabledSaysSoAndWritesNothing() throws Exception {
        Shell shell = shell(with("\"enabled\": false"));
        SortedMap<String, String> before = Shell.hashes(folder);
        MagRun run = shell.mag("magds:backup", "run");
        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("disabled"), run.out());
        assertEquals(before, Shell.hashes(folder));
        assertFalse(shell.json("magds:backup", "run", "--json").path("enabled").asBoolean(true));
    }

    @Test
    void magds10_theLiveSourcesAreHashedAgainstTheManifest() throws Exception {
        Shell shell = shell();
        String id = shell.run();
        shell.kernel().turn(2);
        JsonNode restored = shell.json("magds:restore", "--id", id, "--json");
        assertEquals(0, restored.path("differences").size(), restored.toString());
        BackupManifest manifest = BackupManifest.read(shell.kernel().backups(), id, null);
        MagdsConfig config = MagdsConfigFile.read(shell.kernel().place());
        for (BackupManifest.Entry entry : manifest.datasets()) {
            Source source = config.datasets().stream()
                    .filter(one -> one.name().equals(entry.name()))
                    .findFirst()
                    .orElseThrow();
            assertEquals(List.of(), LiveHash.differences(source, entry));
        }
        shell.kernel().turn(3);
        for (BackupManifest.Entry entry : manifest.datasets()) {
            Source source = config.datasets().stream()
                    .filter(one -> one.name().equals(entry.name()))
                    .findFirst()
                    .orElseThrow();
            assertNotEquals(List.of(), LiveHash.differences(source, entry), entry.name());
        }
    }

    /** Somebody writes to a source as soon as it is restored; the clock, which is asked often, is how the test is there in time. */
    @Test
    void magds10_whatDiffersFromTheManifestAfterARestoreIsToldWithExitCode1AndNoEvidence() throws Exception {
        Shell shell = shell();
        String id = shell.run();
        Path state = shell.kernel().state();
        String then = Files.readString(state);
        shell.kernel().turn(2);
        MagdsPlace place = shell.kernel().place();
        InstantSource clock = () -> {
            try {
                if (Files.readString(state).equals(then)) {
                    Files.writeString(state, "{\"kernel\":7}");
                }
            } catch (NoSuchFileException e) {
                return Instant.now(); // It is being replaced.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Instant.now();
        };
        SnapshotId target = SnapshotId.of(id);
        try (MagdsBackups backups = MagdsBackups.open(place, MagdsConfigFile.read(place), Actor.of("test"), clock)) {
            RestoreAnswer answer = backups.restore(backups.plan(target, RestoreRequest.of(target)));
            assertEquals(1, answer.differences().size(), answer.toString());
            assertTrue(answer.differences().get(0).startsWith("kernel_state: system.json is "), answer.toString());
            assertEquals(ExitCode.FAILED, answer.exitCode());
            assertNull(answer.evidence());
        }
        assertEquals(1, shell.audit("magdb.restore.completed").size());
    }

    @Test
    void magds11_aVerificationAndARestoreExportTheirEvidence() throws Exception {
        Shell shell = shell();
        String id = shell.run();
        for (MagRun run :
                List.of(shell.mag("magds:backup", "verify", "--id", id), shell.mag("magds:restore", "--id", id))) {
            Path evidence = Path.of(run.line("evidence:"));
            assertEquals(
                    Files.readString(shell.kernel().backups().resolve(id).resolve("manifest.json")),
                    Files.readString(evidence.resolve("manifest.json")));
            assertEquals(
                    id,
                    Json.read(Files.readString(evidence.resolve("report.json")))
                            .path("id")
                            .asText());
            assertEquals(
                    1,
                    Json.read(Files.readString(evidence.resolve("metrics.json")))
                            .path("magdb.backups_total")
                            .asInt());
            assertEquals(3, Shell.files(evidence).size());
        }
        int folders = Shell.files(shell.kernel().place().evidence()).size();
        Files.delete(shell.kernel().backups().resolve(id).resolve("snapshot/kernel_state/system.json"));
        assertEquals(1, shell.mag("magds:backup", "verify", "--id", id).exitCode());
        assertEquals(folders, Shell.files(shell.kernel().place().evidence()).size(), "only of what succeeded");
    }
}
