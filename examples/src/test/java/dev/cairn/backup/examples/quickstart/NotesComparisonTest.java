package dev.cairn.backup.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.examples.show.Comparison;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The demonstration is only worth something if its comparison finds what differs. */
class NotesComparisonTest {

    private static final long STEP = 60;

    private final NotesState expected = ExpectedState.after(STEP, 0);

    @Test
    void findsNothingBetweenEqualStates() {
        Comparison comparison = NotesComparison.of(expected, ExpectedState.after(STEP, 0));

        assertTrue(comparison.isEqual(), comparison.toString());
        assertEquals(4, comparison.lines().size());
    }

    @Test
    void findsARowThatIsMissing() {
        var notes = new TreeMap<>(expected.notes());
        notes.remove(59L);

        assertEquals(
                List.of("rows 59: missing"),
                differences(new NotesState(STEP, notes, expected.files(), expected.sessions())));
    }

    @Test
    void findsARowThatShouldNotBeThere() {
        var notes = new TreeMap<>(expected.notes());
        notes.put(61L, new NotesState.Note("user-1", "too new"));

        assertEquals(
                List.of("rows 61: should not be there"),
                differences(new NotesState(STEP, notes, expected.files(), expected.sessions())));
    }

    @Test
    void findsOneByteInAFile() {
        var files = new TreeMap<>(expected.files());
        byte[] attachment = files.get("attachments/1.bin").clone();
        attachment[attachment.length - 1]++;
        files.put("attachments/1.bin", attachment);

        assertEquals(
                List.of("files attachments/1.bin: another content"),
                differences(new NotesState(STEP, expected.notes(), files, expected.sessions())));
    }

    @Test
    void findsSessionsOfAnotherStep() {
        NotesState later = ExpectedState.after(STEP + 1, 0);

        List<String> differences =
                differences(new NotesState(STEP, expected.notes(), expected.files(), later.sessions()));

        assertEquals(
                List.of("counter: row 60, file 60, sessions 61, expected 60", "sessions user-7: another content"),
                differences);
    }

    @Test
    void findsACounterFileThatIsOneStepBehind() {
        var files = new TreeMap<>(expected.files());
        files.put(Change.COUNTER_FILE, "59".getBytes(StandardCharsets.UTF_8));

        assertEquals(
                List.of(
                        "counter: row 60, file 59, sessions 60, expected 60",
                        "files config/counter.txt: another content"),
                differences(new NotesState(STEP, expected.notes(), files, expected.sessions())));
    }

    private List<String> differences(NotesState actual) {
        return NotesComparison.of(expected, actual).differences();
    }
}
