package dev.cairn.backup.examples.quickstart;

/**
 * One user who is logged in.
 *
 * @param notesWritten notes since the login
 * @param lastStep the step of the last of them
 */
record Session(long notesWritten, long lastStep) {

    Session after(long step) {
        return new Session(notesWritten + 1, step);
    }
}
