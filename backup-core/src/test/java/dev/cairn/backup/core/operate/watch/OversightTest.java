package dev.cairn.backup.core.operate.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertEvent;
import dev.cairn.backup.AlertPolicy;
import dev.cairn.backup.BackupAlert.Kind;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.DatasetHealth;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.Objective;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.RestoreTime;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.retain.Kept;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.testkit.SettableClock;
import dev.cairn.backup.testkit.SettableTicker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OversightTest {

    private static final Duration POLL = Duration.ofSeconds(2);

    private final SettableClock clock = SettableClock.create();
    private final SettableTicker ticker = SettableTicker.create();
    private final HealthBoard board = new HealthBoard();
    private final List<AlertEvent> told = Collections.synchronizedList(new ArrayList<>());
    private final Oversight oversight = oversight(Objective.losingAtMost(Duration.ofHours(1)));

    private Oversight oversight(Objective objective) {
        return new Oversight(
                new Oversight.Watched(
                        List.of("data"),
                        Map.of("data", POLL),
                        Objectives.none().with(DatasetSelection.all(), objective),
                        AlertPolicy.defaults()),
                clock,
                ticker,
                board::known,
                told::add);
    }

    private void pass(Duration time) {
        clock.advance(time);
        ticker.advance(time);
    }

    private BackupHealth look(ProtectionStatus... protection) {
        return oversight.look(board.health(Optional.empty(), 0, List.of(protection), List.of()));
    }

    private static DatasetHealth data(BackupHealth health) {
        return health.datasets().get(0);
    }

    private Kept kept(long sequence, Mark.Kind... marks) {
        SnapshotMetadata metadata = SnapshotMetadata.builder(SnapshotId.of("s" + sequence), clock.instant())
                .sequence(sequence)
                .datasets(List.of(new DatasetSummary("data", "fake", true, 5, 500, Optional.empty(), Map.of())))
                .build();
        return new Kept(
                metadata,
                List.of(marks).stream()
                        .map(kind -> new Mark(kind, "test", clock.instant(), "a test wanted it"))
                        .toList());
    }

    private static ProtectionStatus status(ProtectionStatus.State state, Instant base) {
        return new ProtectionStatus(
                "data",
                state,
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                0,
                0,
                0,
                0,
                0,
                0,
                Optional.of(base),
                Optional.empty());
    }

    @Test
    void onlyGoodSnapshotsArePointsAndOnlyVerifiedOnesVerified() {
        Kept verified = kept(1, Mark.Kind.VERIFIED);
        pass(Duration.ofMinutes(10));
        Kept good = kept(2);
        pass(Duration.ofMinutes(10));
        Kept suspect = kept(3, Mark.Kind.SUSPECT, Mark.Kind.VERIFIED);
        Kept abandoned = kept(4, Mark.Kind.ABANDONED);
        board.listed(List.of(verified, good, suspect, abandoned));
        pass(Duration.ofMinutes(5));
        DatasetHealth health = data(look());
        assertEquals(Optional.of(good.metadata().createdAt()), health.newest());
        assertEquals(Optional.of(Duration.ofMinutes(15)), health.rpo());
        assertEquals(Optional.of(verified.metadata().createdAt()), health.newestVerified());
        assertEquals(Optional.of(Duration.ofMinutes(25)), health.verifiedRpo());
        assertEquals(500, health.bytes());
        assertEquals(
                List.of(Kind.SUSPECTS_WAITING),
                told.stream().map(event -> event.alert().kind()).toList());
    }

    @Test
    void aSnapshotOfTheFutureHasNoAge() {
        board.listed(List.of(kept(1)));
        clock.advance(Duration.ofDays(-3));
        assertEquals(Optional.of(Duration.ZERO), data(look()).rpo());
    }

    @Test
    void continuousProtectionCountsByWhatItHasKept() {
        Instant base = clock.instant();
        board.listed(List.of(kept(1)));
        for (int hour = 0; hour < 48; hour++) {
            pass(Duration.ofHours(1));
            ProtectionStatus.State state =
                    hour % 2 == 0 ? ProtectionStatus.State.PROTECTED : ProtectionStatus.State.SPOOLING;
            assertEquals(Optional.of(POLL), data(look(status(state, base))).rpo());
        }
        assertEquals(List.of(), told);
        pass(Duration.ofMinutes(10));
        BackupHealth interrupted = look(status(ProtectionStatus.State.INTERRUPTED, base));
        assertEquals(
                Optional.of(POLL.plus(Duration.ofMinutes(10))),
                data(interrupted).rpo());
        assertEquals(Kind.PROTECTION_INTERRUPTED, told.get(0).alert().kind());
        pass(Duration.ofMinutes(51));
        assertTrue(look(status(ProtectionStatus.State.INTERRUPTED, base))
                .problems()
                .toString()
                .contains("PT1H1M2S ago"));
        pass(Duration.ofMinutes(1));
        BackupHealth restoring = look(status(ProtectionStatus.State.PAUSED, base));
        assertEquals(Optional.of(base), data(restoring).newest(), "what a restore replaces is no point of its future");
    }

    @Test
    void whatAHostHasNoPointOfIsMeasuredFromItsBeginning() {
        pass(Duration.ofHours(1));
        assertEquals(BackupHealth.Status.HEALTHY, look().status());
        pass(Duration.ofSeconds(1));
        BackupHealth health = look();
        assertEquals(BackupHealth.Status.DEGRADED, health.status());
        assertTrue(
                health.problems().get(0).startsWith("dataset 'data' has no restorable point and may lose at most PT1H"),
                health.problems().toString());
        assertEquals(Kind.RPO_MISSED, health.alerts().get(0).kind());
    }

    @Test
    void aRehearsalThatTookTooLongDegrades() {
        Oversight measured = oversight(Objective.none().restoredWithin(Duration.ofSeconds(30)));
        BackupHealth seen = board.health(Optional.empty(), 0);
        assertEquals(Optional.empty(), data(measured.look(seen)).rto());
        RestoreTime slow = new RestoreTime(clock.instant(), Duration.ofSeconds(31), true);
        measured.rehearsals(dataset -> Optional.of(slow));
        assertEquals(Optional.of(slow), data(measured.look(seen)).rto());
        assertEquals(Kind.RTO_MISSED, told.get(0).alert().kind());
    }

    @Test
    void aManagerThatIsClosedIsNotLate() {
        board.listed(List.of(kept(1)));
        look();
        oversight.close();
        pass(Duration.ofDays(1));
        BackupHealth closed = look();
        assertEquals(List.of(), closed.alerts());
        assertEquals(Optional.of(Duration.ofDays(1)), data(closed).rpo(), "that is true all the same");
        assertEquals(List.of(), told);
    }

    @Test
    void aRepositoryThatCannotBeMeasuredNowIsMeasuredLater() {
        oversight.measure(() -> {
            throw new StoreException(StoreException.Reason.IO, "away", "wait", null);
        });
        oversight.measure(() -> OptionalLong.of(5));
        assertEquals(Optional.empty(), look().stored(), "not before it is time");
        pass(StoredSizes.BETWEEN);
        oversight.measure(OptionalLong::empty);
        assertEquals(Optional.empty(), look().stored(), "it cannot tell");
        pass(StoredSizes.BETWEEN);
        oversight.measure(() -> OptionalLong.of(7));
        assertEquals(7, look().stored().orElseThrow().bytes());
    }

    @Test
    void changesAreToldInOrderByWhoeverLooksAndAListenerMayLookItself() throws InterruptedException {
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        Outbox[] outbox = new Outbox[1];
        outbox[0] = new Outbox(event -> {
            deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
            outbox[0].deliver();
            order.add(event.alert().escalations());
            depth.decrementAndGet();
        });
        Object looks = new Object();
        AtomicInteger next = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int n = 0; n < 500; n++) {
                    synchronized (looks) {
                        outbox[0].add(List.of(numbered(next.getAndIncrement())));
                    }
                    outbox[0].deliver();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(1, deepest.get(), "one at a time");
        assertEquals(2000, order.size());
        assertEquals(order.stream().sorted().toList(), order);
    }

    private AlertEvent numbered(int number) {
        dev.cairn.backup.BackupAlert alert = new dev.cairn.backup.BackupAlert(
                Kind.RPO_MISSED, "data", Kind.RPO_MISSED.severity(), clock.instant(), number, "");
        return new AlertEvent(clock.instant(), AlertEvent.Change.RAISED, alert);
    }

    @Test
    void theWatchLooksAgainAfterALookThatFailedAndEndsWhenClosed() throws InterruptedException {
        AbsenceWatch watch = new AbsenceWatch(Duration.ofMillis(1));
        CountDownLatch looked = new CountDownLatch(3);
        Thread[] made = new Thread[1];
        watch.start(
                work -> {
                    made[0] = new Thread(work);
                    made[0].setDaemon(true);
                    return made[0];
                },
                () -> {
                    looked.countDown();
                    throw new IllegalStateException("a test wanted it");
                });
        assertTrue(looked.await(120, TimeUnit.SECONDS));
        watch.close();
        made[0].join(120_000);
        assertFalse(made[0].isAlive());
    }
}
