package dev.cairn.backup.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Objective;
import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Retention;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.core.Cron;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FilesDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationTest {

    private static final String GOOD = """
            {
              "repository": {"type": "packed", "path": "backups"},
              "state": "state",
              "keys": [{"file": "backup.key"}],
              "datasets": [{"name": "data", "type": "files", "path": "data"}]
            }
            """;

    @TempDir
    private Path temp;

    /**
     * A file with one mistake.
     *
     * @param replace what is replaced in the good file
     * @param by what by
     * @param pointer where the mistake stands
     * @param line its line
     * @param column its column
     * @param problem a part of what is told
     * @param allowed a part of what is told to be allowed
     */
    record Wrong(String replace, String by, String pointer, int line, int column, String problem, String allowed) {
        @Override
        public String toString() {
            return by;
        }
    }

    static List<Wrong> wrong() {
        return List.of(
                new Wrong("packed", "packt", "/repository/type", 2, 26, "'packt'", "packed or browsable"),
                new Wrong(
                        "\"type\": \"packed\", ", "", "/repository", 2, 17, "'type' is missing", "packed or browsable"),
                new Wrong("\"state\": \"state\",", "", "", 1, 1, "'state' is missing", "folder of its own"),
                new Wrong("\"state\": \"state\"", "\"state\": 7", "/state", 3, 12, "7 is no text", "folder of its own"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"backups/state\"",
                        "/state",
                        3,
                        12,
                        "lie within each other",
                        "outside the repository"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"state\", \"scratch\": \"state\"",
                        "/scratch",
                        3,
                        32,
                        "and 'state' at",
                        "folder of its own"),
                new Wrong(
                        "\"state\":",
                        "\"stat\":",
                        "/stat",
                        3,
                        3,
                        "'stat' is not known here; did you mean 'state'?",
                        "repository"),
                new Wrong(
                        "\"keys\": [{\"file\": \"backup.key\"}]", "\"keys\": []", "/keys", 4, 11, "no key", "\"file\""),
                new Wrong(
                        "\"backup.key\"",
                        "\"backups/backup.key\"",
                        "/repository/path",
                        2,
                        44,
                        "lies in the repository",
                        "without the key"),
                new Wrong(
                        "{\"file\": \"backup.key\"}",
                        "{\"file\": \"data/one.key\"}, {\"file\": \"other.key\"}",
                        "/datasets/0/path",
                        5,
                        58,
                        "contains the key at",
                        "apart"),
                new Wrong("{\"file\": \"backup.key\"}", "{}", "/keys/0", 4, 12, "exactly one", "\"environment\""),
                new Wrong(
                        "{\"file\": \"backup.key\"}",
                        "\"s3cr3t\"",
                        "/keys/0",
                        4,
                        12,
                        "not shown",
                        "never stands in this file"),
                new Wrong(
                        "\"file\": \"backup.key\"",
                        "\"passphrase\": \"s3cr3t\"",
                        "/keys/0/passphrase",
                        4,
                        27,
                        "put a key into the file",
                        "\"environment\""),
                new Wrong(
                        "\"files\"",
                        "\"file\"",
                        "/datasets/0/type",
                        5,
                        41,
                        "did you mean 'files'?",
                        "sqlite, tables or host"),
                new Wrong("\"name\": \"data\", ", "", "/datasets/0", 5, 16, "'name' is missing", "1 to 64 characters"),
                new Wrong(
                        "\"data\", \"type\"",
                        "\".data\", \"type\"",
                        "/datasets/0/name",
                        5,
                        25,
                        "'.data' cannot be 'name'",
                        "1 to 64 characters"),
                new Wrong(", \"path\": \"data\"", "", "/datasets/0", 5, 16, "'path' is missing", "live data"),
                new Wrong(
                        "\"path\": \"data\"",
                        "\"path\": \".\"",
                        "/datasets/0/path",
                        5,
                        58,
                        "lie within each other",
                        "apart"),
                new Wrong(
                        "\"path\": \"data\"",
                        "\"path\": \"d\", \"consistency\": \"sloppy\"",
                        "/datasets/0/consistency",
                        5,
                        78,
                        "'sloppy'",
                        "immutable, append-only, in-barrier, fuzzy"),
                new Wrong(
                        "\"path\": \"data\"",
                        "\"path\": \"d\", \"optional\": \"yes\"",
                        "/datasets/0/optional",
                        5,
                        75,
                        "'yes'",
                        "true or false"),
                new Wrong(
                        "\"path\": \"data\"",
                        "\"path\": \"d\", \"tables\": [\"a\"]",
                        "/datasets/0/tables",
                        5,
                        63,
                        "'tables' is not known here",
                        "consistency"),
                new Wrong(
                        "\"path\": \"data\"",
                        "\"path\": \"d\", \"include\": [7]",
                        "/datasets/0/include/0",
                        5,
                        75,
                        "7 is no text",
                        "globs"),
                new Wrong(
                        "\"files\", \"path\": \"data\"",
                        "\"tables\", \"path\": \"d\", \"tables\": [\"sqlite_x\"]",
                        "/datasets/0/tables",
                        5,
                        74,
                        "sqlite_x",
                        "128 characters"),
                new Wrong(
                        "\"files\", \"path\": \"data\"",
                        "\"host\"",
                        "/datasets",
                        5,
                        15,
                        "no dataset on disk",
                        "files, sqlite or tables"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"state\", \"state\": \"b\"",
                        "/state",
                        3,
                        21,
                        "a second time",
                        "each name once"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"state\", \"maxAge\": \"soon\"",
                        "/maxAge",
                        3,
                        31,
                        "'soon'",
                        "15m"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"state\", \"naming\": \"uuid\"",
                        "/naming",
                        3,
                        31,
                        "'uuid'",
                        "sequential or timestamp"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"state\", \"keepManual\": {\"last\": 0}",
                        "/keepManual/last",
                        3,
                        44,
                        "0 cannot be 'last'",
                        "1 to 999999999"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"state\", \"host\": {\"name\": \"x\"}",
                        "/host",
                        3,
                        29,
                        "'pidFile' is missing",
                        "process id"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"state\", \"objectives\": [{\"datasets\": [\"dada\"], \"rpo\": \"1h\"}]",
                        "/objectives/0/datasets/0",
                        3,
                        50,
                        "did you mean 'data'?",
                        "data"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"state\", \"objectives\": [{\"rpo\": \"0s\"}]",
                        "/objectives/0/rpo",
                        3,
                        44,
                        "is zero",
                        "longer than zero"),
                new Wrong(
                        "\"state\": \"state\"",
                        "\"state\": \"state\", \"objectives\": [{}]",
                        "/objectives/0",
                        3,
                        36,
                        "'rpo' is missing",
                        "rto"),
                schedule("\"every\": \"1h\"", "/schedules/0", 35, "'keep' is missing", "last"),
                schedule("\"keep\": {\"last\": 1}", "/schedules/0", 35, "0 of every, daily, cron", "exactly one"),
                schedule(
                        "\"every\": \"1h\", \"cron\": \"0 0 * * *\", \"keep\": {\"last\": 1}",
                        "/schedules/0",
                        35,
                        "2 of every, daily, cron",
                        "exactly one"),
                schedule(
                        "\"cron\": \"0 0 31 2 *\", \"keep\": {\"last\": 1}",
                        "/schedules/0/cron",
                        57,
                        "'0 0 31 2 *'",
                        "weekday"),
                schedule("\"daily\": \"25:00\", \"keep\": {\"last\": 1}", "/schedules/0/daily", 58, "'25:00'", "02:00"),
                schedule(
                        "\"every\": \"0s\", \"keep\": {\"last\": 1}",
                        "/schedules/0/every",
                        58,
                        "out of bounds",
                        "one second"),
                schedule(
                        "\"every\": \"1h\", \"zone\": \"UTC\", \"keep\": {\"last\": 1}",
                        "/schedules/0/zone",
                        72,
                        "does not go with 'every'",
                        "'daily' or 'cron'"),
                schedule(
                        "\"daily\": \"02:00\", \"zone\": \"Mars\", \"keep\": {\"last\": 1}",
                        "/schedules/0/zone",
                        75,
                        "'Mars'",
                        "Europe/Berlin"),
                schedule(
                        "\"daily\": \"02:00\", \"jitter\": \"25h\", \"keep\": {\"last\": 1}",
                        "/schedules/0/jitter",
                        77,
                        "out of bounds",
                        "24h"),
                schedule(
                        "\"daily\": \"02:00\", \"days\": [\"someday\"], \"keep\": {\"last\": 1}",
                        "/schedules/0/days/0",
                        76,
                        "'someday'",
                        "monday"),
                schedule(
                        "\"daily\": \"02:00\", \"missed\": \"all\", \"keep\": {\"last\": 1}",
                        "/schedules/0/missed",
                        77,
                        "'all'",
                        "once"),
                schedule("\"every\": \"1h\", \"keep\": {}", "/schedules/0/keep", 72, "nothing would be kept", "last"),
                schedule(
                        "\"every\": \"1h\", \"keep\": {\"all\": true, \"last\": 3}",
                        "/schedules/0/keep/all",
                        80,
                        "other rules",
                        "last"));
    }

    private static Wrong schedule(String members, String pointer, int column, String problem, String allowed) {
        return new Wrong(
                "\"state\": \"state\"",
                "\"state\": \"state\", \"schedules\": [{\"name\": \"s\", " + members + "}]",
                pointer,
                3,
                column,
                problem,
                allowed);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aMistakeIsToldWithItsPlaceTheValueAndWhatIsAllowed(Wrong wrong) throws IOException {
        assertTrue(GOOD.contains(wrong.replace()), "the good file has what is replaced");
        InvalidConfigurationException told = refused(GOOD.replace(wrong.replace(), wrong.by()));
        String all = told.getMessage();
        Mistake mistake = told.mistakes().stream()
                .filter(one -> one.place().equals(new Place(wrong.pointer(), wrong.line(), wrong.column())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "not at " + wrong.pointer() + ":" + wrong.line() + ":" + wrong.column() + " but\n" + all));
        assertTrue(mistake.problem().contains(wrong.problem()), all);
        assertTrue(mistake.allowed().contains(wrong.allowed()), all);
        assertFalse(all.contains("s3cr3t"), all);
        assertTrue(all.contains("cairn-backup.json:" + wrong.line() + ":" + wrong.column() + ": "), all);
    }

    @Test
    void aGoodFileHasNoMistake() throws IOException {
        Configuration read = Configuration.read(file(GOOD));
        assertEquals(temp.resolve("backups"), read.repository().path());
        assertEquals(temp.resolve("state"), read.state());
        assertEquals(Duration.ofMinutes(10), read.maxAge());
        assertEquals(Retention.keepAll(), read.keepManual());
        assertEquals(
                List.of("data"), read.datasets().stream().map(one -> one.name()).toList());
        assertFalse(Files.exists(temp.resolve("backups")), "reading touches nothing");
    }

    @Test
    void allMistakesAreToldAtOnceInTheOrderOfTheFile() throws IOException {
        InvalidConfigurationException told = refused("""
                {"repositry": {},
                 "maxAge": "later",
                 "datasets": [{"name": "a", "type": "files", "path": "a"},
                              {"name": "a", "type": "files", "path": "b", "exlude": []}],
                 "schedules": [{"name": "s", "every": "1h", "datasets": ["b"], "keep": {"last": 1}}]}
                """);
        assertEquals(
                List.of(
                        "",
                        "",
                        "/repositry",
                        "/maxAge",
                        "/datasets/1/name",
                        "/datasets/1/exlude",
                        "/schedules/0/datasets/0"),
                told.mistakes().stream().map(one -> one.place().pointer()).toList(),
                told::getMessage);
        assertTrue(told.getMessage().contains("7 mistakes"), told::getMessage);
        assertTrue(told.getMessage().contains("did you mean 'exclude'?"), told::getMessage);
        assertTrue(told.getMessage().contains("did you mean 'repository'?"), told::getMessage);
    }

    @Test
    void aKeyAnywhereInTheFileIsRefusedAndNeverRepeated() throws IOException {
        String hex = "0123456789abcdef".repeat(4);
        String code = RecoveryCode.random().printed();
        for (String secret : List.of(hex, code)) {
            for (String file : List.of(
                    GOOD.replace("backup.key", secret),
                    GOOD.replace("\"backups\"", "\"" + secret + "\"").replace("\"path\": \"data\"", "\"path\": \".\""),
                    GOOD.replace("\"state\": \"state\"", "\"state\": \"state\", \"note\": \"" + secret + "\""),
                    GOOD.replace("\"state\": \"state\"", "\"state\": \"state\", \"" + secret + "\": 1"),
                    GOOD.replace("packed", secret))) {
                InvalidConfigurationException told = refused(file);
                assertTrue(told.getMessage().contains("a key stands in the file"), told::getMessage);
                assertFalse(told.getMessage().contains(secret), told::getMessage);
            }
        }
    }

    @Test
    void textThatIsNoJsonIsToldWithItsPlace() throws IOException {
        InvalidConfigurationException told = refused("{\n  \"state\": hunter2\n}");
        assertEquals(2, told.mistakes().get(0).place().line());
        assertFalse(told.getMessage().contains("hunter2"), told::getMessage);
        assertTrue(refused("").getMessage().contains("the file is empty"));
        assertTrue(refused("[]").getMessage().contains("an array is no object"));
        assertTrue(refused(GOOD + "{}").getMessage().contains("more behind"));
    }

    @Test
    void aFileThatIsNotThereIsNoMistakeInAFile() {
        ConfigurationException told =
                assertThrows(ConfigurationException.class, () -> Configuration.read(temp.resolve("none.json")));
        assertTrue(told.getMessage().contains("none.json"), told::getMessage);
        assertTrue(told.nextStep().contains("--example"), told::nextStep);
    }

    @Test
    void everythingThatAFileMaySayBecomesWhatTheSdkNeeds() throws IOException {
        Configuration read = Configuration.read(file("""
                {"repository": {"type": "browsable", "path": "/backups", "digest": "sha512"},
                 "state": "state", "scratch": "scratch", "audit": "audit", "maxAge": "PT2H", "naming": "timestamp",
                 "host": {"name": "gateway", "pidFile": "gateway.pid"},
                 "datasets": [
                   {"name": "f", "type": "files", "path": "f", "consistency": "append-only", "include": ["a"], "exclude": ["b"], "optional": true},
                   {"name": "q", "type": "sqlite", "path": "q.db", "integrity": "full", "counts": {"rows": "select count(*) from t"}, "optional": true},
                   {"name": "t", "type": "tables", "path": "t.db", "tables": ["x", "y"]},
                   {"name": "m", "type": "host"},
                   {"name": "n", "type": "host", "kind": "vectors"}],
                 "schedules": [
                   {"name": "a", "every": "15m", "datasets": ["q"], "keep": {"last": 3}},
                   {"name": "b", "daily": "02:30", "days": ["mon", "FRIDAY"], "zone": "Europe/Berlin", "jitter": "5m", "missed": "once",
                    "keep": {"within": "2d", "hourly": 1, "daily": 2, "weekly": 3, "monthly": 4, "yearly": 5}},
                   {"name": "c", "cron": "0 2 * * SUN", "zone": "UTC", "keep": {"all": true}}],
                 "keepManual": {"last": 5},
                 "objectives": [{"datasets": ["q", "m"], "rpo": "15m", "rto": "5m", "verified": "7d"}]}
                """));
        assertEquals(
                new RepositorySettings.Browsable(Path.of("/backups").toAbsolutePath(), "sha512"), read.repository());
        assertEquals(Optional.of(temp.resolve("scratch")), read.scratch());
        assertEquals(Optional.of(temp.resolve("audit")), read.audit());
        assertEquals(Optional.of(new HostProcess("gateway", temp.resolve("gateway.pid"))), read.host());
        assertEquals(Duration.ofHours(2), read.maxAge());
        assertEquals(
                "20260102_030405",
                read.naming()
                        .name(1, java.time.Instant.parse("2026-01-02T03:04:05Z"), Optional.empty(), 0)
                        .value());
        assertEquals(
                List.of("files", "sqlite", "tables"),
                read.datasets().stream()
                        .map(one -> one.kind().replace("sqlite-tables", "tables"))
                        .toList());
        assertEquals(
                List.of(true, true, false),
                read.datasets().stream().map(one -> one.isOptional()).toList());
        assertEquals(Consistency.APPEND_ONLY, ((FilesDataset) read.datasets().get(0)).consistency());
        assertEquals(List.of(new HostDataset("m", "state"), new HostDataset("n", "vectors")), read.hostDatasets());
        assertEquals(Retention.keepLast(5), read.keepManual());
        assertEquals(
                List.of(new Promise(
                        new DatasetSelection(false, Set.of("q", "m")),
                        Objective.of(Duration.ofMinutes(15), Duration.ofMinutes(5))
                                .verifiedWithin(Duration.ofDays(7)))),
                read.objectives());
        Retention ladder = new Retention(
                false,
                0,
                Optional.of(Duration.ofDays(2)),
                Map.of(
                        Retention.Period.HOUR, 1,
                        Retention.Period.DAY, 2,
                        Retention.Period.WEEK, 3,
                        Retention.Period.MONTH, 4,
                        Retention.Period.YEAR, 5));
        assertEquals(
                List.of(
                        new Schedule(
                                "a",
                                Recurrence.every(Duration.ofMinutes(15)),
                                DatasetSelection.only("q"),
                                Retention.keepLast(3)),
                        new Schedule(
                                "b",
                                Recurrence.weekly(
                                                EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                                                LocalTime.of(2, 30),
                                                ZoneId.of("Europe/Berlin"))
                                        .withJitter(Duration.ofMinutes(5)),
                                DatasetSelection.all(),
                                ladder),
                        new Schedule(
                                "c",
                                Recurrence.on(Cron.of("0 2 * * SUN"), ZoneId.of("UTC")),
                                DatasetSelection.all(),
                                Retention.keepAll())),
                read.schedules());
        assertFalse(
                read.schedules().get(2).when().equals(Recurrence.on(Cron.of("0 2 * * SUN"), ZoneOffset.ofHours(1))));
    }

    @Test
    void aBrowsableRepositoryHasNoKeysAndAKnownDigest() throws IOException {
        String browsable = GOOD.replace("packed", "browsable");
        assertTrue(refused(browsable).getMessage().contains("plaintext and has no keys"));
        InvalidConfigurationException told = refused(browsable
                .replace("\"keys\": [{\"file\": \"backup.key\"}],", "")
                .replace("\"path\": \"backups\"", "\"path\": \"backups\", \"digest\": \"md17\""));
        assertEquals("/repository/digest", told.mistakes().get(0).place().pointer());
        assertTrue(told.getMessage().contains("'md17'"), told::getMessage);
    }

    @Test
    void lengthsOfTimeAreReadAsPeopleWriteThem() {
        assertEquals(Duration.ofSeconds(30), DurationText.parse("x", "30s"));
        assertEquals(Duration.ofMinutes(15), DurationText.parse("x", "15 min"));
        assertEquals(Duration.ofHours(24), DurationText.parse("x", "24h"));
        assertEquals(Duration.ofDays(28), DurationText.parse("x", "4w"));
        assertEquals(Duration.ofMinutes(90), DurationText.parse("x", "PT1H30M"));
        for (String wrong : List.of("", "5", "-5m", "PT-5M", "5 parsecs", "9999999999s", "36501d", "PT876001H")) {
            var told = assertThrows(dev.cairn.backup.InvalidValueException.class, () -> DurationText.parse("x", wrong));
            assertTrue(told.getMessage().contains("PT1H30M"), told::getMessage);
        }
    }

    @Test
    void theNearestWordIsTheOneThatWasMeant() {
        assertEquals(Optional.of("datasets"), Nearest.to("dataset", List.of("state", "datasets")));
        assertEquals(Optional.of("maxAge"), Nearest.to("maxage", List.of("maxAge", "naming")));
        assertEquals(Optional.empty(), Nearest.to("colour", List.of("state", "keys")));
        assertEquals(3, Nearest.distance("kitten", "sitting"));
    }

    private InvalidConfigurationException refused(String text) throws IOException {
        Path file = file(text);
        return assertThrows(InvalidConfigurationException.class, () -> Configuration.read(file));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(temp.resolve("cairn-backup.json"), text);
    }
}
