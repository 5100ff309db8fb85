package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AuditEvent.IncidentCode;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AuditEventTest {

    private static final Instant NOW = Instant.parse("2026-02-18T09:00:00Z");

    private static AuditEvent denied(String target) {
        return AuditEvent.denied(NOW, "", "snapshot.restore", target);
    }

    @Test
    void whoeverIsDeniedWithoutANameIsInTheTrailAllTheSame() {
        assertEquals("", denied("snap-1").actor());
        assertEquals(AuditOutcome.DENIED, denied("snap-1").outcome());
    }

    @Test
    void aTextThatIsTooLongIsCutAndTellsHowLongItWas() {
        String target = denied("x".repeat(5_000_000)).target();
        assertEquals(AuditEvent.MAX_TEXT, target.length());
        assertTrue(target.endsWith("… (5000000 characters)"), target);
        assertEquals(
                "x".repeat(AuditEvent.MAX_TEXT),
                denied("x".repeat(AuditEvent.MAX_TEXT)).target());
    }

    @Test
    void aCutNeverSplitsACharacter() {
        for (int shift = 0; shift < 4; shift++) {
            String target =
                    denied("x".repeat(shift) + "\uD83D\uDE00".repeat(2000)).target();
            assertTrue(target.length() <= AuditEvent.MAX_TEXT);
            assertTrue(target.indexOf('\uFFFD') < 0, "nothing was broken");
        }
    }

    @Test
    void halfPairsAreMendedAndWholeOnesStay() {
        assertEquals("a\uFFFDb", denied("a\uD83Db").target());
        assertEquals("a\uFFFD", denied("a\uDE00").target());
        assertEquals("\uFFFD\uD83D\uDE00", denied("\uD83D\uD83D\uDE00").target());
    }

    @Test
    void detailsAreSortedBoundedAndCannotBeChanged() {
        AuditEvent event = denied("x").detail("z", "1").detail("a", "y".repeat(2000));
        assertEquals(List.of("a", "z"), List.copyOf(event.details().keySet()));
        assertEquals(AuditEvent.MAX_TEXT, event.details().get("a").length());
        assertThrows(UnsupportedOperationException.class, () -> event.details().put("b", "2"));
    }

    @Test
    void whatOnlyAProgrammerCanGetWrongIsRefused() {
        assertThrows(InvalidValueException.class, () -> AuditEvent.allowed(NOW, "a", " ", "t"));
        assertThrows(InvalidValueException.class, () -> denied("x").detail("", "value"));
        assertThrows(InvalidValueException.class, () -> denied("x").detail("n".repeat(65), "value"));
        assertThrows(InvalidValueException.class, () -> denied("x").detail("\uD83D", "value"));
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 33; i++) {
            many.put("name" + i, "");
        }
        assertThrows(
                InvalidValueException.class,
                () -> new AuditEvent(NOW, "a", "b", "c", AuditOutcome.ALLOWED, many, Optional.empty()));
        assertThrows(InvalidValueException.class, () -> new IncidentCode("two words", AlertSeverity.INFO));
        assertThrows(InvalidValueException.class, () -> new AuditPosition(-1, "0".repeat(64)));
        assertThrows(InvalidValueException.class, () -> new AuditPosition(1, "0".repeat(63)));
        assertThrows(InvalidValueException.class, () -> new Incident.Closing(NOW, "", "done"));
        assertThrows(
                InvalidValueException.class,
                () -> new Incident.Report(
                        NOW,
                        "a",
                        new IncidentCode("c", AlertSeverity.WARN),
                        "d",
                        Collections.nCopies(Incident.MAX_RELATED + 1, "x")));
    }

    @Test
    void aVerificationSaysWhatItCovers() {
        AuditVerification whole = new AuditVerification(1, 9, 1, 0, true, Optional.empty());
        assertTrue(whole.intact());
        assertEquals("The audit log is complete from line 1 to line 9", whole.describe());
        AuditVerification open = new AuditVerification(1, 9, 1, 0, false, Optional.empty());
        assertTrue(open.describe().contains("without a head record"), open.describe());
        AuditDamage damage = new AuditDamage(AuditDamage.Kind.TORN, "audit-1.jsonl", 3, 7, "an end", "none");
        AuditVerification torn = new AuditVerification(1, 6, 1, 0, true, Optional.of(damage));
        assertTrue(
                torn.describe().contains("TORN in audit-1.jsonl, line 3, sequence 7: expected an end, found none"),
                torn.describe());
    }
}
