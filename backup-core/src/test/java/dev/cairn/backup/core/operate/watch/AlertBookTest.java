package dev.cairn.backup.core.operate.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertEvent;
import dev.cairn.backup.AlertEvent.Change;
import dev.cairn.backup.AlertPolicy;
import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupAlert;
import dev.cairn.backup.BackupAlert.Kind;
import dev.cairn.backup.testkit.SettableClock;
import dev.cairn.backup.testkit.SettableTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AlertBookTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Finding LATE = new Finding(Kind.SCHEDULE_OVERDUE, "hourly", "late");
    private static final Finding GROWN = new Finding(Kind.DATASET_GROWN, "data", "grown");

    private final SettableClock clock = SettableClock.create();
    private final SettableTicker ticker = SettableTicker.create();
    private final AlertBook book = new AlertBook(AlertPolicy.defaults());

    private List<AlertEvent> look(Finding... findings) {
        return book.look(List.of(findings), clock.instant(), ticker.getAsLong());
    }

    private void pass(Duration time) {
        clock.advance(time);
        ticker.advance(time);
    }

    private static List<Change> changes(List<AlertEvent> events) {
        return events.stream().map(AlertEvent::change).toList();
    }

    @Test
    void whatStandsIsToldOnceHoweverOftenOneLooks() {
        assertEquals(List.of(Change.RAISED), changes(look(LATE)));
        for (int i = 0; i < 59; i++) {
            pass(MINUTE);
            assertEquals(List.of(), look(LATE));
        }
        assertEquals(1, book.standing().size());
        List<AlertEvent> over = look();
        assertEquals(List.of(Change.CLEARED), changes(over));
        assertEquals(
                clock.instant().minus(Duration.ofMinutes(59)),
                over.get(0).alert().since());
        assertEquals(List.of(), look());
        assertEquals(List.of(), book.standing());
    }

    @Test
    void whatStandsForLongIsEscalatedAtThePaceOfThePolicy() {
        List<Duration> told = new ArrayList<>();
        for (Duration at = Duration.ZERO; at.compareTo(Duration.ofHours(14)) < 0; at = at.plus(MINUTE)) {
            for (AlertEvent event : look(LATE)) {
                if (event.change() == Change.ESCALATED) {
                    told.add(at);
                    assertEquals(AlertSeverity.ESCALATE, event.severity());
                    assertEquals(told.size(), event.alert().escalations());
                }
            }
            pass(MINUTE);
        }
        assertEquals(List.of(HOUR, HOUR.multipliedBy(5), HOUR.multipliedBy(9), HOUR.multipliedBy(13)), told);
        assertEquals(AlertSeverity.ESCALATE, book.standing().get(0).severity(), "in between too");
    }

    @Test
    void aHostThatSeldomLooksIsToldOnceAndNotInABurst() {
        look(LATE);
        pass(Duration.ofDays(30));
        assertEquals(List.of(Change.ESCALATED), changes(look(LATE)));
        assertEquals(List.of(), look(LATE));
    }

    @Test
    void whatIsOnlyWorthALookNeverCallsAnybody() {
        look(GROWN);
        pass(Duration.ofDays(30));
        assertEquals(List.of(), look(GROWN));
        assertEquals(AlertSeverity.WARN, book.standing().get(0).severity());
    }

    @Test
    void anAlertThatComesBackBeginsAnew() {
        look(LATE);
        pass(HOUR);
        look(LATE);
        look();
        pass(HOUR);
        AlertEvent again = look(LATE).get(0);
        assertEquals(Change.RAISED, again.change());
        assertEquals(0, again.alert().escalations());
        assertEquals(AlertSeverity.DEGRADED, again.severity());
    }

    @Test
    void aWallClockThatIsSetNeitherCallsAnybodyNorLetsThemSleep() {
        look(LATE);
        clock.advance(Duration.ofDays(400));
        assertEquals(List.of(), look(LATE));
        clock.advance(Duration.ofDays(-900));
        ticker.advance(HOUR);
        assertEquals(List.of(Change.ESCALATED), changes(look(LATE)));
    }

    @Test
    void theSentenceIsThatOfNow() {
        look(LATE);
        look(new Finding(LATE.kind(), LATE.subject(), "later"));
        assertEquals("later", book.standing().get(0).sentence());
    }

    @Test
    void anEndlessWaitIsNoOverflow() {
        AlertBook patient = new AlertBook(AlertPolicy.defaults().withEscalateAfter(Duration.ofSeconds(Long.MAX_VALUE)));
        patient.look(List.of(LATE), clock.instant(), ticker.getAsLong());
        pass(Duration.ofDays(3650));
        assertEquals(List.of(), patient.look(List.of(LATE), clock.instant(), ticker.getAsLong()));
    }

    /** Days of looks, each step between none and eight hours after the last, at which any of four findings comes and goes. */
    @Property(tries = 300)
    void raisedAndOverTakeTurnsAndEscalationsKeepTheirPace(
            @ForAll @Size(max = 120) List<@IntRange(min = 0, max = 16 * 480 - 1) Integer> steps) {
        List<Finding> all = List.of(
                LATE, GROWN, new Finding(Kind.RPO_MISSED, "data", "old"), new Finding(Kind.RPO_MISSED, "other", "old"));
        Map<String, BackupAlert> standing = new HashMap<>();
        Map<String, Duration> told = new HashMap<>();
        AlertPolicy policy = AlertPolicy.defaults();
        AlertBook tried = new AlertBook(policy); // All tries share one instance of this class.
        Duration at = Duration.ZERO;
        for (int step : steps) {
            at = at.plus(Duration.ofMinutes(step / 16));
            pass(Duration.ofMinutes(step / 16));
            List<Finding> found = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                if ((step >> i & 1) == 1) {
                    found.add(all.get(i));
                }
            }
            for (AlertEvent event : tried.look(found, clock.instant(), ticker.getAsLong())) {
                String key = event.alert().kind() + event.alert().subject();
                switch (event.change()) {
                    case RAISED -> {
                        assertTrue(standing.put(key, event.alert()) == null, "raised twice");
                        told.put(key, at);
                    }
                    case CLEARED -> assertTrue(standing.remove(key) != null, "over without being raised");
                    case ESCALATED -> {
                        BackupAlert before = standing.put(key, event.alert());
                        assertEquals(before.escalations() + 1, event.alert().escalations());
                        Duration least = before.escalations() == 0 ? policy.escalateAfter() : policy.repeatEvery();
                        assertTrue(at.minus(told.get(key)).compareTo(least) >= 0, "too soon");
                        assertEquals(
                                AlertSeverity.DEGRADED, event.alert().kind().severity());
                        told.put(key, at);
                    }
                }
            }
            Set<String> now =
                    found.stream().map(one -> one.kind() + one.subject()).collect(Collectors.toSet());
            assertEquals(now, standing.keySet(), "what stands is what was found");
            assertEquals(now.size(), tried.standing().size());
            for (Finding finding : found) {
                String key = finding.kind() + finding.subject();
                boolean loud = standing.get(key).escalations() > 0;
                Duration most = loud ? policy.repeatEvery() : policy.escalateAfter();
                assertTrue(
                        finding.kind().severity() == AlertSeverity.WARN
                                || at.minus(told.get(key)).compareTo(most) < 0,
                        "nobody was called");
            }
        }
    }
}
