package dev.cairn.backup.sqlite.tables;

/** What was found under a table's name. */
sealed interface TableLookup {

    /** A table that can be captured and restored. */
    record Found(TableSchema schema) implements TableLookup {}

    /**
     * Nothing that can be.
     *
     * @param problem what is there instead, naming the table
     * @param nextStep the way out
     */
    record Refused(String problem, String nextStep) implements TableLookup {}
}
