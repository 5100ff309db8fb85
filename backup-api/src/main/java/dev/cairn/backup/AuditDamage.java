package dev.cairn.backup;

/**
 * The first place where an audit log is not what was written.
 *
 * @param kind what is wrong there
 * @param file the name of the file
 * @param line the number of the line in the file, from 1; 0 if it is about the file as a whole
 * @param sequence the number of the line in the log that is wrong or missing
 * @param expected what ought to be there
 * @param found what is there
 */
public record AuditDamage(Kind kind, String file, long line, long sequence, String expected, String found) {

    /** What is wrong. */
    public enum Kind {
        /** A line is not the one that the lines after it, or the head record, were written for; or it is no line at all. */
        ALTERED,
        /** A line is gone. */
        MISSING,
        /** A line comes too early: another one that belongs before it follows later. */
        REORDERED,
        /** A line comes again. */
        DUPLICATED,
        /** A line has no end. */
        TORN
    }

    /** All of it in one sentence. */
    @Override
    public String toString() {
        return kind + " in " + file + ", line " + line + ", sequence " + sequence + ": expected " + expected
                + ", found " + found;
    }
}
