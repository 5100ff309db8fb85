package dev.cairn.backup.benchmarks;

/**
 * A place in a write-ahead log. Each time that SQLite starts the log anew it adds one to the first salt (https://www.sqlite.org/fileformat2.html, 4.1), so places of different logs have an order.
 *
 * @param salt the first salt of the log's header
 * @param end bytes from the beginning of the file to the end of the last valid frame
 */
record WalPosition(int salt, long end) {

    /** Whether all that lies before the other place lies before this one. */
    boolean reaches(WalPosition other) {
        int logs = salt - other.salt;
        return logs > 0 || (logs == 0 && end >= other.end);
    }
}
