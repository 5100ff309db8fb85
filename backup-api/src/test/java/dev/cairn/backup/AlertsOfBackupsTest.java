package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertsOfBackupsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void anObjectiveKeepsWhatItWasGivenWhateverTheOrder() {
        Objective whole =
                new Objective(Optional.of(HOUR), Optional.of(Duration.ofMinutes(30)), Optional.of(Duration.ofDays(1)));
        assertEquals(
                whole,
                Objective.losingAtMost(HOUR).verifiedWithin(Duration.ofDays(1)).restoredWithin(Duration.ofMinutes(30)));
        assertEquals(whole, Objective.of(HOUR, Duration.ofMinutes(30)).verifiedWithin(Duration.ofDays(1)));
        assertEquals(Objective.none().restoredWithin(HOUR).rto(), Optional.of(HOUR));
        assertEquals(Optional.empty(), Objective.none().restoredWithin(HOUR).rpo());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void aPromiseOfNoTimeIsRefusedByName(long seconds) {
        Duration none = Duration.ofSeconds(seconds);
        assertTrue(assertThrows(InvalidValueException.class, () -> Objective.losingAtMost(none))
                .getMessage()
                .startsWith("rpo is"));
        assertTrue(assertThrows(InvalidValueException.class, () -> Objective.of(HOUR, none))
                .getMessage()
                .startsWith("rto is"));
        Objective rpo = Objective.losingAtMost(HOUR);
        assertTrue(assertThrows(InvalidValueException.class, () -> rpo.verifiedWithin(none))
                .getMessage()
                .startsWith("verified is"));
        AlertPolicy policy = AlertPolicy.defaults();
        assertThrows(InvalidValueException.class, () -> policy.withEscalateAfter(none));
        assertThrows(InvalidValueException.class, () -> policy.withRepeatEvery(none));
    }

    @Test
    void aScheduleMayBeOverdueAtOnceButNotBefore() {
        assertEquals(
                Duration.ZERO,
                AlertPolicy.defaults().withOverdueAfter(Duration.ZERO).overdueAfter());
        AlertPolicy policy = AlertPolicy.defaults();
        assertThrows(InvalidValueException.class, () -> policy.withOverdueAfter(Duration.ofNanos(-1)));
    }

    @ParameterizedTest
    @EnumSource(BackupAlert.Kind.class)
    void anAlertIsAsLoudAsItStandsAndOneThatIsOverIsForTheLog(BackupAlert.Kind kind) {
        BackupAlert alert = new BackupAlert(kind, "data", kind.severity(), NOW, 0, "too old");
        assertEquals(kind.severity(), new AlertEvent(NOW, AlertEvent.Change.RAISED, alert).severity());
        assertEquals("too old", new AlertEvent(NOW, AlertEvent.Change.RAISED, alert).describe());
        AlertEvent over = new AlertEvent(NOW.plus(HOUR), AlertEvent.Change.CLEARED, alert);
        assertEquals(AlertSeverity.INFO, over.severity());
        assertEquals("over: " + kind + " of data, which was told at 2026-01-01T00:00:00Z", over.describe());
        BackupAlert loud = new BackupAlert(kind, "data", AlertSeverity.ESCALATE, NOW, 1, "too old");
        AlertEvent escalated = new AlertEvent(NOW.plus(HOUR), AlertEvent.Change.ESCALATED, loud);
        assertEquals(AlertSeverity.ESCALATE, escalated.severity());
        assertEquals("since 2026-01-01T00:00:00Z: too old", escalated.describe());
    }
}
