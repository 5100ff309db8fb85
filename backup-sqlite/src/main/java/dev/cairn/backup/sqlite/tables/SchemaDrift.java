package dev.cairn.backup.sqlite.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a live table differs from the one that was captured. A column that was added since is no obstacle if it has a default or may be NULL: the restored rows
 * get what {@code ALTER TABLE ADD COLUMN} gave to the rows that were there.
 *
 * @param refusals why rows of the captured table cannot be rows of the live one, each naming the table
 * @param notes differences that are allowed
 */
record SchemaDrift(List<String> refusals, List<String> notes) {

    static SchemaDrift between(TableHeader captured, TableSchema live, TextEncoding liveEncoding) {
        List<String> refusals = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        TableSchema before = captured.schema();
        String table = "table '" + live.name() + "' ";
        if (before.withoutRowid() != live.withoutRowid()) {
            refusals.add(table + (live.withoutRowid() ? "is" : "is not") + " WITHOUT ROWID now");
        } else if (!folded(before.primaryKey()).equals(folded(live.primaryKey()))
                || before.rowid().isPresent() != live.rowid().isPresent()) {
            refusals.add(table + "has the primary key " + live.primaryKey() + " instead of " + before.primaryKey());
        }
        if (before.strict() != live.strict()) {
            refusals.add(table + (live.strict() ? "is" : "is not") + " STRICT now");
        }
        if (captured.encoding() != liveEncoding) {
            notes.add("the database of " + table + "keeps text as " + liveEncoding.pragma() + ", the captured one as "
                    + captured.encoding().pragma());
        }
        for (TableColumn column : before.columns()) {
            live.column(column.name())
                    .ifPresentOrElse(
                            now -> compare(table, column, now, refusals),
                            () -> refusals.add(table + "has no column '" + column.name() + "' to write to"));
        }
        for (TableColumn column : live.columns()) {
            if (before.column(column.name()).isEmpty()) {
                boolean filled = column.defaultSql() != null || !column.notNull();
                (filled ? notes : refusals)
                        .add(table + "has the new column '" + column.name() + "'"
                                + (filled ? ", which gets its default" : " that is NOT NULL and has no default"));
            }
        }
        return new SchemaDrift(List.copyOf(refusals), List.copyOf(notes));
    }

    /** All refusals as one sentence without its end. */
    String problem() {
        return String.join("; ", refusals);
    }

    private static void compare(String table, TableColumn before, TableColumn now, List<String> refusals) {
        if (before.affinity() != now.affinity()) {
            refusals.add(table + "has column '" + now.name() + "' as " + words(now) + " instead of " + words(before)
                    + ", which would change values");
        }
    }

    private static String words(TableColumn column) {
        return column.type().isEmpty() ? "a column without a type" : column.type();
    }

    private static List<String> folded(List<String> names) {
        return names.stream().map(TableSql::folded).collect(Collectors.toList());
    }
}
