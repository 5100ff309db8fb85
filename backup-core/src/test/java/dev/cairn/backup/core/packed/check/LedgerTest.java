package dev.cairn.backup.core.packed.check;

import static dev.cairn.backup.VerificationDepth.CONTENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.FaultyBlobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final int PACKS = 4;

    private final Stock stock = new Stock();
    private final List<String> read = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong day = new AtomicLong();

    @BeforeEach
    void writePacks() {
        for (int i = 0; i < PACKS; i++) {
            stock.write("s" + i, Stock.files("f" + i, i, 2, 20_000));
        }
        assertEquals(PACKS, stock.packs().size());
    }

    /** A check on a day of its own whose clock shows an hour more whenever it is asked. */
    private RepositoryReport check(Duration budget) {
        read.clear();
        AtomicLong hours = new AtomicLong();
        Instant now = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofDays(day.incrementAndGet()));
        FaultyBlobStore watched = FaultyBlobStore.over(stock.blobs).onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.READ
                    && call.name().startsWith("packs/")) {
                read.add(call.name());
            }
        });
        RepositoryCheck check = RepositoryCheck.of(CONTENT).within(budget);
        InstantSource clock = () -> now;
        try (OpenStore open = Stock.open(watched)) {
            return new Examination(
                            open, check, new Timing(() -> hours.getAndIncrement() * 3_600_000_000_000L, clock, check))
                    .run();
        }
    }

    @Test
    void aCheckWithoutTimeReadsOnePackAndTheNextOneReadsAnother() {
        Set<String> seen = new TreeSet<>();
        for (int i = 1; i <= PACKS; i++) {
            RepositoryReport report = check(Duration.ZERO);
            assertEquals(1, read.size());
            assertTrue(seen.add(read.get(0)), "one that was not checked yet");
            assertEquals(PACKS - 1, report.blobsLeft());
            assertEquals(i == PACKS, report.oldestCheck().isPresent());
        }
        List<String> order = new ArrayList<>(seen);
        assertEquals(PACKS, order.size());
    }

    @Test
    void theLeastRecentlyCheckedPackComesFirst() {
        List<String> order = new ArrayList<>();
        for (int i = 0; i < PACKS; i++) {
            check(Duration.ZERO);
            order.addAll(read);
        }
        for (String expected : order) {
            RepositoryReport report = check(Duration.ZERO);
            assertEquals(List.of(expected), read);
            assertEquals(
                    Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofDays(day.get() - PACKS + 1)),
                    report.oldestCheck().orElseThrow());
        }
    }

    @Test
    void aDamagedPackIsReadInEveryCheckBeforeAllOthersAndDoesNotTakeTheirTurn() {
        PackId damaged = stock.packs().iterator().next();
        byte[] bytes = stock.blobs.bytes(damaged.blob());
        stock.flip(damaged.blob(), bytes.length / 2);
        check(Duration.ofDays(1000));
        assertEquals(PACKS, read.size());
        Set<String> others = new TreeSet<>();
        for (int i = 1; i < PACKS; i++) {
            check(Duration.ZERO);
            assertEquals(2, read.size());
            assertTrue(read.contains(damaged.blob().value()));
            others.addAll(read);
        }
        assertEquals(PACKS, others.size());
        stock.blobs.damage(damaged.blob(), bytes);
        assertTrue(check(Duration.ZERO).passed());
        assertTrue(check(Duration.ZERO).passed());
        assertEquals(1, read.size());
    }

    @Test
    void onlyOneLedgerStaysAndPacksThatAreGoneLeaveIt() {
        check(Duration.ofDays(1000));
        check(Duration.ofDays(1000));
        List<BlobName> ledgers = stock.names("ledger");
        assertEquals(1, ledgers.size(), ledgers::toString);
        assertEquals(41 * PACKS, bodyLength());
        stock.repository.delete(SnapshotId.of("s0"));
        stock.repository.maintenance().orElseThrow().sweep(SweepRequest.defaults());
        assertEquals(PACKS - 1, stock.packs().size());
        check(Duration.ofDays(1000));
        assertEquals(41 * (PACKS - 1), bodyLength());
    }

    private int bodyLength() {
        BlobName name = stock.names("ledger").get(0);
        try (OpenStore open = stock.open()) {
            return open.containers().open(ContainerKind.LEDGER, name.value(), stock.blobs.bytes(name)).length;
        }
    }

    @Test
    void aLedgerThatIsDamagedOrStrangeCostsOnlyTheOrder() {
        check(Duration.ofDays(1000));
        BlobName ledger = stock.names("ledger").get(0);
        stock.flip(ledger, 110);
        stock.blobs.putIfAbsent(BlobName.of("ledger/notes.txt"), BlobContent.of("a stranger"));
        stock.blobs.putIfAbsent(BlobName.of("ledger/9999999999999999999"), BlobContent.of("too large a number"));
        RepositoryReport report = check(Duration.ofDays(1000));
        assertTrue(report.passed(), report::toString);
        assertTrue(report.warnings().toString().contains(ledger.value()), report::toString);
        assertEquals(List.of(), check(Duration.ofDays(1000)).warnings());
    }

    @Test
    void aLedgerOfAnotherLengthOrStateIsNoLedger() {
        try (OpenStore open = stock.open()) {
            for (byte[] body : List.of(new byte[40], new byte[42], stateOf((byte) 2))) {
                BlobName name = BlobName.of("ledger/%019d".formatted(body.length + body[40 % body.length]));
                stock.blobs.putIfAbsent(
                        name, BlobContent.of(open.containers().seal(ContainerKind.LEDGER, name.value(), body)));
                Findings findings = new Findings();
                assertEquals(
                        Long.MIN_VALUE,
                        Ledger.read(open, findings)
                                .lastCheck(stock.packs().iterator().next()));
                assertFalse(findings.warnings().isEmpty());
                stock.blobs.delete(name);
            }
        }
    }

    private static byte[] stateOf(byte state) {
        byte[] body = new byte[41];
        body[40] = state;
        return body;
    }

    @Test
    void checksAtTheSameTimeKeepWhatEachOfThemFound() throws Exception {
        List<PackId> packs = new ArrayList<>(stock.packs());
        ExecutorService threads = Executors.newFixedThreadPool(PACKS);
        try (OpenStore open = stock.open()) {
            List<Future<?>> all = new ArrayList<>();
            for (PackId pack : packs) {
                all.add(threads.submit(() -> {
                    Ledger ledger = Ledger.read(open, new Findings());
                    ledger.note(pack, Instant.EPOCH, true);
                    ledger.save();
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            Ledger merged = Ledger.read(open, new Findings());
            for (PackId pack : packs) {
                assertEquals(0, merged.lastCheck(pack), pack::hex);
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(1, stock.names("ledger").size());
    }

    @Test
    void aLongCheckStoresWhatItFoundEveryMinute() {
        List<Integer> seen = new ArrayList<>();
        AtomicLong hours = new AtomicLong();
        FaultyBlobStore watched = FaultyBlobStore.over(stock.blobs).onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT && call.name().startsWith("ledger/")) {
                seen.add(1);
            }
        });
        RepositoryCheck check = RepositoryCheck.of(CONTENT);
        try (OpenStore open = Stock.open(watched)) {
            new Examination(
                            open,
                            check,
                            new Timing(
                                    () -> hours.getAndIncrement() * 3_600_000_000_000L, InstantSource.system(), check))
                    .run();
        }
        assertEquals(PACKS + 1, seen.size(), "once after each pack, which took hours, and once at the end");
    }
}
