package dev.cairn.backup.examples.quickstart;

import java.util.SortedMap;

/**
 * All that a service holds at one moment.
 *
 * @param rowCounter the counter in the database
 * @param notes author and text of each note, by id
 * @param files the content of each file, by path
 * @param sessions the state in memory
 */
record NotesState(long rowCounter, SortedMap<Long, Note> notes, SortedMap<String, byte[]> files, Sessions sessions) {

    /** One row. */
    record Note(String author, String text) {}

    /** This state without its sessions, as a process that was killed leaves it. */
    NotesState afterCrash() {
        return new NotesState(rowCounter, notes, files, Sessions.none(sessions.counter()));
    }
}
