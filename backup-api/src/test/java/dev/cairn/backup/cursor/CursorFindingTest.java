package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.InvalidValueException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CursorFindingTest {

    @Test
    void aCursorWithinItsSourceGoesOn() {
        assertEquals(RecoveryAction.proceed(), find(5, 5, 5, 9).action());
        assertEquals(RecoveryAction.proceed(), find(9, 5, 5, 9).action());
    }

    @Test
    void aCursorBeforeTheBeginningIsResynchronized() {
        CursorFinding finding = find(4, 4, 5, 9);
        assertEquals(new CursorFinding.BeforeBeginning(4, 5), finding);
        assertEquals(new RecoveryAction.FullResync(ResyncReason.COMPACTED), finding.action());
    }

    @Test
    void aCursorBeyondTheEndGoesBackToCommittedWhileTheSourceStillHasWhatWasApplied() {
        CursorFinding finding = find(10, 9, 5, 9);
        assertEquals(new CursorFinding.BeyondEnd(10, 9, 9), finding);
        assertEquals(new RecoveryAction.SafeRewind(9), finding.action());
    }

    @Test
    void aSourceThatHasLostWhatWasAppliedIsForAnOperator() {
        RecoveryAction action = find(10, 10, 5, 9).action();
        assertEquals(new RecoveryAction.Halt(HaltReason.SOURCE_LOST_APPLIED_EVENTS), action);
        assertEquals(AlertSeverity.ESCALATE, action.severity());
    }

    @Test
    void anotherIncarnationIsFoundEvenWhereTheNumbersFit() {
        CursorFinding finding = CursorFinding.of(cursor(7, 7), new SourceRange("other", 0, 9));
        assertEquals(new CursorFinding.OtherIncarnation("one", "other"), finding);
        assertEquals(new RecoveryAction.FullResync(ResyncReason.OTHER_INCARNATION), finding.action());
    }

    @Test
    void whatWasAcknowledgedCountsAsGone() {
        SourceRange range = new SourceRange("one", 2, 9);
        assertEquals(new SourceRange("one", 6, 9), range.acknowledged(6));
        assertEquals(range, range.acknowledged(1));
        assertThrows(InvalidValueException.class, () -> range.acknowledged(10));
        assertEquals(new CursorFinding.BeforeBeginning(5, 6), CursorFinding.of(cursor(5, 5), range.acknowledged(6)));
    }

    @Test
    void rangesAndCursorsThatCannotBeAreRefused() {
        assertThrows(InvalidValueException.class, () -> new SourceRange("one", 3, 2));
        assertThrows(InvalidValueException.class, () -> new SourceRange("one", -1, 2));
        assertThrows(InvalidValueException.class, () -> new SourceRange(" ", 0, 2));
        assertThrows(InvalidValueException.class, () -> SourceCursor.start("a\u0000b"));
        assertThrows(InvalidValueException.class, () -> SourceCursor.start("x".repeat(201)));
        assertThrows(InvalidValueException.class, () -> new SourceCursor("one", 3, CursorWatermarks.at(2)));
        assertThrows(InvalidValueException.class, () -> new SourceCursor("one", -1, CursorWatermarks.at(2)));
        assertThrows(InvalidValueException.class, () -> new RecoveryAction.SafeRewind(-1));
    }

    /** Nothing that a finding leads to skips an event: it reads what comes next, goes back, resynchronizes or stops. */
    @Property
    void noFindingEverLeadsForward(
            @ForAll @IntRange(max = 12) int fetched,
            @ForAll @IntRange(max = 12) int inFlight,
            @ForAll @IntRange(max = 12) int beginning,
            @ForAll @IntRange(max = 12) int length) {
        int committed = Math.max(0, fetched - inFlight);
        RecoveryAction action =
                find(fetched, committed, beginning, beginning + length).action();
        if (action instanceof RecoveryAction.Continue) {
            assertTrue(beginning <= fetched && fetched <= beginning + length);
        } else if (action instanceof RecoveryAction.SafeRewind rewind) {
            assertEquals(committed, rewind.target());
            assertTrue(committed <= beginning + length);
        } else if (action instanceof RecoveryAction.FullResync) {
            assertTrue(fetched < beginning);
        } else {
            assertEquals(new RecoveryAction.Halt(HaltReason.SOURCE_LOST_APPLIED_EVENTS), action);
            assertTrue(committed > beginning + length);
        }
    }

    private static CursorFinding find(long fetched, long committed, long beginning, long end) {
        return CursorFinding.of(cursor(fetched, committed), new SourceRange("one", beginning, end));
    }

    private static SourceCursor cursor(long fetched, long committed) {
        return new SourceCursor("one", 0, new CursorWatermarks(fetched, committed));
    }
}
