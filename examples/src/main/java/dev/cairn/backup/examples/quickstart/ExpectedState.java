package dev.cairn.backup.examples.quickstart;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a service must hold after a step, worked out from the steps alone: it reads no database, no file, no snapshot and no service. */
final class ExpectedState {

    private ExpectedState() {}

    /**
     * The state after a step.
     *
     * @param loggedInSince the step after which nobody was logged in: 0, or the one at which the service was started last
     */
    static NotesState after(long step, long loggedInSince) {
        SortedMap<Long, NotesState.Note> notes = new TreeMap<>();
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put(Change.COUNTER_FILE, "0".getBytes(StandardCharsets.UTF_8));
        Sessions sessions = Sessions.none(0);
        for (long i = 1; i <= step; i++) {
            Change change = new Change(i);
            notes.put(i, new NotesState.Note(change.user(), change.text()));
            change.edited()
                    .ifPresent(id -> notes.computeIfPresent(
                            id, (key, note) -> new NotesState.Note(note.author(), note.text() + change.edit())));
            change.deleted().ifPresent(notes::remove);
            files.putAll(change.files());
            sessions = i > loggedInSince ? sessions.after(change) : Sessions.none(i);
        }
        return new NotesState(step, notes, files, sessions);
    }
}
