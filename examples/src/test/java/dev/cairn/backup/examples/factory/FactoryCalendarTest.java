package dev.cairn.backup.examples.factory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.proof.ReceiptFile;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.cursor.TimelineEpoch;
import dev.cairn.backup.examples.factory.backups.Datasets;
import dev.cairn.backup.examples.factory.backups.DatedSnapshots;
import dev.cairn.backup.examples.factory.backups.FactoryBackups;
import dev.cairn.backup.examples.factory.backups.Kind;
import dev.cairn.backup.examples.factory.backups.Maintenance;
import dev.cairn.backup.examples.factory.backups.ProofArchives;
import dev.cairn.backup.examples.factory.federation.Ledger;
import dev.cairn.backup.examples.factory.federation.NonceStore;
import dev.cairn.backup.examples.factory.federation.ReceiptStore;
import dev.cairn.backup.examples.factory.govern.AlertSystem;
import dev.cairn.backup.examples.factory.govern.KeyRegistry;
import dev.cairn.backup.examples.factory.govern.RuntimeLog;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The factory's backups under a clock that is set, so that months pass. */
class FactoryCalendarTest {

    /** A Saturday, half an hour before midnight. */
    private static final Instant SATURDAY = Instant.parse("2026-03-07T23:30:00Z");

    @TempDir
    Path temp;

    private volatile Instant now = SATURDAY;
    private final InstantSource clock = () -> now;
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private FactorySite site;
    private FactoryBackups embedded;
    private ReceiptKeys keys;
    private ProofArchives archives;
    private SnapshotManager backups;

    @BeforeEach
    void open() throws Exception {
        site = FactorySite.in(temp, 100);
        FactoryPlace place = site.place();
        try (NonceStore nonces =
                        new NonceStore(place.nonces(), FileBlobStore.at(place.state()), TimelineEpoch.first());
                Ledger ledger = new Ledger(place.ledger());
                ReceiptStore receipts = new ReceiptStore(place.receipts())) {
            nonces.open();
            ledger.open();
            receipts.open();
        }
        proof("line-1/2026-03-07/b-1.json", 1);
        proof("line-2/2026-03-07/b-2.json", 2);
        new RuntimeLog(place.logs()).line(now, "begins");
        Files.createDirectories(place.alerts());
        Files.writeString(place.alerts().resolve("alerts.jsonl"), "{\"event\":\"first\"}\n");
        Files.createDirectories(place.recovery());
        Files.writeString(place.recovery().resolve("000001-resilience_ops_v1.json"), "{}");
        embedded = new FactoryBackups(
                place, KeyProvider.secret("the test", () -> HexFormat.of().parseHex(site.archiveSecret())));
        keys = new KeyRegistry(place.config()).keys();
        archives = new ProofArchives(place, Secrets.archive(site.archiveSecret()), site.factorySigner());
        backups = manager();
    }

    private SnapshotManager manager() {
        AlertSystem alerts = new AlertSystem(site.place().config(), site.place().alerts());
        alerts.start();
        return embedded.scheduled(embedded.offline(), new ReentrantLock(), clock)
                .receipts(site.factorySigner())
                .receiptKeys(keys)
                .schedulesRunByHost()
                .listener(this::note)
                .listener(new Maintenance(
                        embedded, archives, alerts, new RuntimeLog(site.place().logs()), clock))
                .open();
    }

    @AfterEach
    void close() {
        backups.close();
    }

    private void note(BackupEvent event) {
        if (event instanceof BackupEvent.SnapshotStarted started) {
            events.add("begin " + started.schedule().orElse("manual"));
        } else if (event instanceof BackupEvent.SnapshotCompleted completed) {
            events.add("end " + completed.report().metadata().schedule().orElse("manual"));
        }
    }

    private void proof(String path, int force) throws IOException {
        Path file = site.place().proofs().resolve(path);
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling("fresh");
        Files.writeString(fresh, "{\"content\":{\"press\":{\"force\":" + force + "}}}");
        Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private List<String> at(Instant when) {
        now = when;
        return backups.runIfDue().stream()
                .map(taken -> taken.schedule().orElseThrow())
                .sorted()
                .toList();
    }

    // 1: the calendar

    @Test
    void factory01_hourlyOnTheHourDailyAtTwoAndFullOnSundayAtThree() throws Exception {
        Instant sunday = Instant.parse("2026-03-08T00:00:00Z");
        assertEquals(List.of(), at(sunday.minusSeconds(1)));
        assertEquals(List.of("hourly"), at(sunday));
        assertEquals(List.of(), at(sunday.plusSeconds(3599)));
        assertEquals(List.of("hourly"), at(sunday.plus(Duration.ofHours(1))));
        assertEquals(List.of("alerts", "daily", "hourly", "logs"), at(sunday.plus(Duration.ofHours(2))));
        assertEquals(List.of("hourly", "weekly"), at(sunday.plus(Duration.ofHours(3))));
        assertEquals(List.of("hourly"), at(sunday.plus(Duration.ofHours(4))));
        assertEquals(
                List.of("alerts", "daily", "hourly", "logs"), at(sunday.plus(Duration.ofHours(26))), "and no full");
        assertEquals(List.of("hourly"), at(sunday.plus(Duration.ofHours(27))));

        SnapshotMetadata full = taken("weekly").get(0);
        assertEquals(
                List.of("proofs", "config", "ledger", "nonces", "receipts", "logs", "alerts", "recovery"),
                full.datasets().stream().map(summary -> summary.name()).toList());
        assertEquals(
                List.of("proofs"),
                taken("hourly").get(0).datasets().stream()
                        .map(summary -> summary.name())
                        .toList());
        assertEquals(sunday.plus(Duration.ofHours(2)), taken("daily").get(0).createdAt());
        awaitArchives(2);
        assertEquals(List.of(LocalDate.of(2026, 3, 8), LocalDate.of(2026, 3, 9)), archives.days());
        assertTrue(archives.verify(LocalDate.of(2026, 3, 8)).problems().isEmpty());
    }

    @Test
    void factory01_anHourlyBackupCostsWhatIsNew() throws Exception {
        byte[] measured = new byte[100_000];
        new SecureRandom().nextBytes(measured);
        Files.writeString(
                site.place().proofs().resolve("line-1/2026-03-07/b-3.json"),
                "{\"measured\":\"" + HexFormat.of().formatHex(measured) + "\"}");
        Instant midnight = Instant.parse("2026-03-08T00:00:00Z");
        long empty = bytesInTheVault();
        at(midnight);
        long first = bytesInTheVault();
        proof("line-1/2026-03-08/b-4.json", 4);
        at(midnight.plus(Duration.ofHours(1)));
        assertTrue(first - empty >= 100_000, "the large proof is in the first: " + (first - empty));
        assertTrue(bytesInTheVault() - first < 50_000, "the next cost " + (bytesInTheVault() - first));
        assertEquals(3, paths(taken("hourly").get(0), Datasets.PROOFS).size());
        assertEquals(4, paths(taken("hourly").get(1), Datasets.PROOFS).size());
    }

    private long bytesInTheVault() throws IOException {
        try (Stream<Path> files = Files.walk(site.place().vault())) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void factory01_runsThatCoincideAreSerialised() throws Exception {
        Instant sunday = Instant.parse("2026-03-08T03:00:00Z");
        now = sunday;
        Thread second = new Thread(() -> backups.create(SnapshotRequest.of().label("manual")));
        second.start();
        backups.runIfDue();
        second.join();
        awaitEvents(12);
        for (int i = 0; i < 12; i += 2) {
            assertEquals(
                    events.get(i).replace("begin", "end"),
                    events.get(i + 1),
                    "one ends before the next begins: " + events);
        }
    }

    @Test
    void factory01_aDateMeansTheNewestOfThatDayAndLatestTheNewestOfAll() {
        Instant tuesday = Instant.parse("2026-03-10T02:00:00Z");
        at(tuesday.minus(Duration.ofDays(1)));
        at(tuesday);
        at(tuesday.plus(Duration.ofHours(3)));
        at(tuesday.plus(Duration.ofDays(1)));
        List<SnapshotMetadata> daily = taken("daily");
        List<SnapshotMetadata> hourly = taken("hourly");
        List<String> full = FactoryRestore.FULL;
        assertEquals(daily.get(1), DatedSnapshots.find(backups, "2026-03-10", full));
        assertEquals(hourly.get(2), DatedSnapshots.find(backups, "2026-03-10", List.of(Datasets.PROOFS)));
        assertEquals(daily.get(2), DatedSnapshots.find(backups, DatedSnapshots.LATEST, full));
    }

    // 2: chain, root, stubs

    @Test
    void factory02_manifestsCarryTheRootOverTheProofsAndTheDigestOfTheOneBefore() throws Exception {
        List<SnapshotId> taken = new ArrayList<>();
        for (int force : new int[] {1, 1, 3}) {
            proof("line-1/2026-03-07/b-1.json", force);
            taken.add(backups.create(SnapshotRequest.of().datasets(DatasetSelection.only(Datasets.PROOFS)))
                    .metadata()
                    .id());
        }
        try (PackedRepository repository = embedded.repository()) {
            ProofStore store = repository.proofs().orElseThrow();
            List<SnapshotProof> proofs = taken.stream().map(store::proof).toList();
            assertEquals(proofs.get(0).digest(), proofs.get(1).previous().get(0).digest());
            assertEquals(taken.get(1), proofs.get(2).previous().get(0).id());
            assertEquals(proofs.get(1).digest(), proofs.get(2).previous().get(0).digest());
            assertNotEquals(proofs.get(1).root(), proofs.get(2).root(), "a nested value of one proof is another");
            assertTrue(proofs.get(0).root().isPresent());
        }
    }

    @Test
    void factory02_verificationOverARangeNamesTheFirstBreak() throws Exception {
        List<SnapshotMetadata> taken = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            taken.add(backups.create(SnapshotRequest.of().datasets(DatasetSelection.only(Datasets.PROOFS)))
                    .metadata());
        }
        assertTrue(backups.verifyChain(1, 5).intact());
        for (int gone : new int[] {1, 3}) { // Behind the installation's back.
            Files.delete(site.place()
                    .repository()
                    .resolve("snapshots/" + taken.get(gone).id()));
        }
        ChainVerification whole = backups.verifyChain();
        assertFalse(whole.intact());
        assertEquals(ChainBreak.Kind.MISSING, whole.firstBreak().orElseThrow().kind());
        assertEquals(taken.get(1).sequence(), whole.firstBreak().orElseThrow().sequence());
        ChainVerification later =
                backups.verifyChain(taken.get(2).sequence(), taken.get(4).sequence());
        assertEquals(taken.get(3).sequence(), later.firstBreak().orElseThrow().sequence());
        assertTrue(backups.verifyChain(taken.get(4).sequence(), taken.get(4).sequence()).breaks().stream()
                .noneMatch(found -> found.sequence() < taken.get(3).sequence()));
    }

    @Test
    void factory02_aPrunedSnapshotLeavesASignedStubSoThatRetentionIsNoBreak() throws Exception {
        SnapshotMetadata first = run(Kind.LOGS);
        now = now.plus(Duration.ofDays(8));
        run(Kind.LOGS);
        now = now.plus(Duration.ofDays(1));
        run(Kind.LOGS);
        SnapshotProof pruned;
        try (PackedRepository repository = embedded.repository()) {
            pruned = repository.proofs().orElseThrow().proof(first.id());
        }
        assertEquals(1, backups.prune());

        ChainVerification chain = backups.verifyChain();
        assertTrue(chain.intact(), chain.describe());
        assertEquals(1, chain.removed());
        try (PackedRepository repository = embedded.repository()) {
            ProofStore store = repository.proofs().orElseThrow();
            List<BlobName> stubs = store.list(ProofStore.STUBS);
            assertEquals(1, stubs.size());
            Receipt stub =
                    ReceiptFile.decode("the stub", store.read(stubs.get(0)).orElseThrow());
            assertEquals(Receipt.Kind.STUB, stub.kind());
            assertEquals(first.id(), stub.snapshot().id());
            assertEquals(pruned.digest(), stub.snapshot().digest());
            assertEquals(pruned.previous(), stub.continues());
            assertTrue(keys.verify(stub).signedBy("factory"));
        }
    }

    // 3: retention per kind

    @Test
    void factory03_proofs90DaysDatabases30LogsSevenAndRecoveryProofsForEver() throws Exception {
        SnapshotMetadata recovery = backups.create(SnapshotRequest.of()
                        .label(FactoryBackups.RECOVERY)
                        .datasets(DatasetSelection.only(Datasets.RECOVERY)))
                .metadata();
        lived(Instant.parse("2026-03-08T03:00:00Z"));
        SnapshotId hourly = taken("hourly").get(0).id();
        SnapshotId daily = taken("daily").get(0).id();
        SnapshotId logs = taken("logs").get(0).id();
        SnapshotId weekly = taken("weekly").get(0).id();
        SnapshotId alerts = taken("alerts").get(0).id();

        assertKept(6, hourly, daily, logs, weekly, alerts, recovery.id());
        assertKept(8, hourly, daily, alerts, recovery.id());
        assertKept(9, hourly, daily, alerts, recovery.id());
        assertGone(logs);
        assertKept(29, hourly, daily, alerts, recovery.id());
        assertGone(weekly);
        assertKept(31, hourly, alerts, recovery.id());
        assertKept(32, hourly, alerts, recovery.id());
        assertGone(daily);
        assertKept(89, hourly, alerts, recovery.id());
        assertKept(91, recovery.id());
        assertKept(92, recovery.id());
        assertGone(hourly);
        assertGone(alerts);
        assertTrue(backups.verifyChain().intact());
    }

    /** Age is told against the second newest, lest one wrong clock makes everything old: so what is over goes a run later. */
    private void assertKept(int day, SnapshotId... ids) {
        Instant then = Instant.parse("2026-03-08T03:00:00Z").plus(Duration.ofDays(day));
        lived(then.plusSeconds(1));
        backups.prune();
        List<SnapshotId> all = backups.list().stream().map(SnapshotMetadata::id).toList();
        for (SnapshotId id : ids) {
            assertTrue(all.contains(id), id + " on day " + day);
        }
    }

    /** A factory that has worked until then: a log that had lost most of its bytes would be suspect, and nothing older would go. */
    private void lived(Instant then) {
        RuntimeLog log = new RuntimeLog(site.place().logs());
        for (int hours = 47; hours >= 0; hours--) {
            log.line(then.minus(Duration.ofHours(hours)), "a batch came in; ".repeat(50));
        }
        at(then);
    }

    private void assertGone(SnapshotId id) {
        assertTrue(backups.list().stream().noneMatch(snapshot -> snapshot.id().equals(id)), id.value());
    }

    @Test
    void factory03_archivesAreKept90DaysAndThenGoWithTheirStatements() throws Exception {
        SnapshotMetadata taken = run(Kind.DAILY);
        try (PackedRepository repository = embedded.repository()) {
            archives.write(repository, taken.id());
        }
        LocalDate day = LocalDate.of(2026, 3, 7);
        assertEquals(0, archives.prune(day.plusDays(90)));
        assertTrue(Files.exists(archives.file(day)));
        assertEquals(1, archives.prune(day.plusDays(91)));
        assertFalse(Files.exists(archives.file(day)) || Files.exists(archives.statementFile(day)));
    }

    @Test
    void factory03_aLogSnapshotHasTheLast48HoursAndNoAlerts() throws Exception {
        RuntimeLog log = new RuntimeLog(site.place().logs());
        for (int hours = 1; hours <= 60; hours++) {
            log.line(now.minus(Duration.ofHours(hours)), "an hour");
        }
        List<String> logs = paths(run(Kind.LOGS), Datasets.LOGS);
        assertTrue(
                logs.contains(
                        log.file(now.minus(Duration.ofHours(47))).getFileName().toString()),
                logs.toString());
        assertFalse(
                logs.contains(
                        log.file(now.minus(Duration.ofHours(50))).getFileName().toString()),
                logs.toString());
        assertTrue(logs.size() >= 48 && logs.size() <= 50, logs.toString());
        assertTrue(logs.stream().noneMatch(path -> path.contains("alerts")), logs.toString());
        assertEquals(List.of("alerts.jsonl"), paths(run(Kind.ALERTS), Datasets.ALERTS));
    }

    @Test
    void factory03_configurationHoldsKeyMetadataPoliciesAndAlertRules() throws Exception {
        List<String> config = paths(run(Kind.DAILY), Datasets.CONFIG);
        assertTrue(config.containsAll(List.of("keys.json", "governance.json", "alert-rules.json")), config.toString());
    }

    // 10: what is promised

    @Test
    void factory10_anHourWithoutABackupOfProofsIsAMissedPromiseADayForTheRest() {
        at(Instant.parse("2026-03-08T03:00:00Z"));
        assertEquals(List.of(), missed());
        now = now.plus(Duration.ofMinutes(61));
        assertEquals(List.of("proofs"), missed());
        now = now.plus(Duration.ofHours(23));
        assertTrue(missed().containsAll(List.of("proofs", "ledger", "receipts", "nonces", "config")));
    }

    private List<String> missed() {
        return backups.health().datasets().stream()
                .filter(dataset -> dataset.rpo()
                                .orElseThrow()
                                .compareTo(dataset.objective().rpo().orElseThrow())
                        > 0)
                .map(dataset -> dataset.dataset())
                .toList();
    }

    // What the tests look at

    private SnapshotMetadata run(Kind kind) {
        return backups.create(SnapshotRequest.of().label(kind.label()).datasets(kind.datasets()))
                .metadata();
    }

    private List<SnapshotMetadata> taken(String schedule) {
        return backups.list().stream()
                .filter(snapshot -> snapshot.schedule().equals(Optional.of(schedule)))
                .toList();
    }

    private List<String> paths(SnapshotMetadata snapshot, String dataset) throws IOException {
        List<String> paths = new ArrayList<>();
        try (PackedRepository repository = embedded.repository();
                SnapshotReader reader = repository.read(snapshot.id());
                EntryCursor entries = reader.dataset(dataset).entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.type() == EntryType.FILE) {
                    paths.add(entry.path().toString());
                }
            }
        }
        return paths;
    }

    private void awaitArchives(int count) throws Exception {
        for (Instant end = Instant.now().plusSeconds(240); archives.days().size() < count; Thread.sleep(20)) {
            assertTrue(Instant.now().isBefore(end), "archives: " + archives.days());
        }
    }

    private void awaitEvents(int count) throws Exception {
        for (Instant end = Instant.now().plusSeconds(240); events.size() < count; Thread.sleep(20)) {
            assertTrue(Instant.now().isBefore(end), events.toString());
        }
    }
}
