package dev.cairn.backup.sqlite.tables;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Names and the few statements that are put together from them. */
final class TableSql {

    private TableSql() {}

    /** An identifier that stands for itself whatever is in it (https://www.sqlite.org/lang_keywords.html). */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A name as SQLite compares names: ASCII letters without their case, all others as they are. */
    static String folded(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            folded.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return folded.toString();
    }

    static boolean sameName(String one, String other) {
        return folded(one).equals(folded(other));
    }

    static String list(Collection<String> names) {
        return names.stream().map(TableSql::quoted).collect(Collectors.joining(", "));
    }

    /**
     * All rows in the order of their key. {@code NOT INDEXED} keeps SQLite from scanning a covering index, whose order is another: what is left is the
     * table's own tree, which is in the order of the rowid or, without one, of the primary key (https://www.sqlite.org/lang_indexedby.html).
     */
    static String select(TableSchema table, TextEncoding encoding) {
        return "SELECT " + cells(table, encoding) + " FROM main." + quoted(table.name()) + " NOT INDEXED"
                + (table.withoutRowid() ? "" : " ORDER BY " + quoted(table.key().get(0)));
    }

    /** The row of a key, whose values are given by the placeholders. */
    static String find(TableSchema table, TextEncoding encoding, List<String> placeholders) {
        StringBuilder where = new StringBuilder();
        for (int i = 0; i < placeholders.size(); i++) {
            where.append(i == 0 ? " WHERE " : " AND ")
                    .append(quoted(table.key().get(i)))
                    .append(" = ")
                    .append(placeholders.get(i));
        }
        return "SELECT " + cells(table, encoding) + " FROM main." + quoted(table.name()) + where;
    }

    static String insert(String table, Collection<String> cells, List<String> placeholders) {
        // OR ABORT overrides what the table's own ON CONFLICT clauses say, so that no row is ever left out in silence.
        return "INSERT OR ABORT INTO main." + quoted(table) + "(" + list(cells) + ") VALUES("
                + String.join(", ", placeholders) + ")";
    }

    private static String cells(TableSchema table, TextEncoding encoding) {
        return table.cells().stream().map(cell -> encoding.select(quoted(cell))).collect(Collectors.joining(", "));
    }
}
