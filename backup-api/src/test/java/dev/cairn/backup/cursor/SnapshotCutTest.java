package dev.cairn.backup.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotCutTest {

    private static final TimelineEpoch THREE = new TimelineEpoch(3);
    private static final SourceCursor CURSOR = new SourceCursor("i", 2, new CursorWatermarks(9, 4));

    @Test
    void aCutIsAValueOfItsOwn() {
        Map<String, SourceCursor> cursors = new HashMap<>(Map.of("b", CURSOR, "a", CURSOR));
        SnapshotCut cut = new SnapshotCut(THREE, cursors, StateDedup.empty());
        cursors.clear();
        assertEquals(List.of("a", "b"), new ArrayList<>(cut.cursors().keySet()));
        assertThrows(UnsupportedOperationException.class, () -> cut.cursors().clear());
        assertEquals(Optional.of(CURSOR), cut.cursor("a"));
        assertEquals(Optional.empty(), cut.cursor("c"));
    }

    @Test
    void aRestoredHostReadsFromCommittedInANewEpoch() {
        StateDedup dedup = new StateDedup(Map.of("a", new SourceSightings(Instant.MIN, List.of())));
        SnapshotCut cut = new SnapshotCut(THREE, Map.of("a", CURSOR), dedup);
        SnapshotCut resumed = cut.resumedIn(new TimelineEpoch(7));
        assertEquals(
                new SnapshotCut(
                        new TimelineEpoch(7), Map.of("a", new SourceCursor("i", 2, CursorWatermarks.at(4))), dedup),
                resumed);
    }

    @Test
    void aCutIsNotResumedInAnEpochThatHasBeen() {
        SnapshotCut cut = new SnapshotCut(THREE, Map.of(), StateDedup.empty());
        assertThrows(StaleEpochException.class, () -> cut.resumedIn(THREE));
        assertThrows(StaleEpochException.class, () -> cut.resumedIn(new TimelineEpoch(2)));
    }

    @Test
    void tooManySourcesAndBadNamesAreRefused() {
        Map<String, SourceCursor> many = new HashMap<>();
        for (int i = 0; i < SnapshotCut.MAX_SOURCES; i++) {
            many.put("s" + i, CURSOR);
        }
        assertEquals(
                SnapshotCut.MAX_SOURCES,
                new SnapshotCut(THREE, many, StateDedup.empty()).cursors().size());
        many.put("one more", CURSOR);
        assertThrows(LimitExceededException.class, () -> new SnapshotCut(THREE, many, StateDedup.empty()));
        for (String name : List.of("", " ", "x".repeat(201), "a\u0007")) {
            assertThrows(
                    InvalidValueException.class,
                    () -> new SnapshotCut(THREE, Map.of(name, CURSOR), StateDedup.empty()));
        }
    }

    @Test
    void epochsCountUpward() {
        assertEquals(new TimelineEpoch(2), TimelineEpoch.first().next());
        assertThrows(InvalidValueException.class, () -> new TimelineEpoch(0));
        assertThrows(InvalidValueException.class, () -> new ReadTerm(THREE, -1));
        assertEquals(-1, Integer.signum(TimelineEpoch.first().compareTo(THREE)));
        THREE.admit(new TimelineEpoch(3));
        StaleEpochException older = assertThrows(StaleEpochException.class, () -> THREE.admit(TimelineEpoch.first()));
        StaleEpochException newer = assertThrows(StaleEpochException.class, () -> THREE.admit(THREE.next()));
        assertEquals(TimelineEpoch.first(), older.attempted());
        assertEquals(THREE.next(), newer.attempted());
        assertEquals(THREE, newer.current());
    }
}
