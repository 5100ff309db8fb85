package dev.cairn.backup.core.e2e;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What a database file holds, read without touching it.
 *
 * @param integrity SQLite's verdict, which is of the full-text index, too
 * @param spans the numbers of its entries by era, rising
 * @param entries how many there are
 * @param money the sum of all accounts
 * @param sums of what else the transactions wrote
 */
record LedgerState(String integrity, List<Span> spans, long entries, long money, Sums sums) {

    /** The entries of one era. */
    record Span(int era, long first, long last) {}

    /**
     * Sums that nearly every mistake changes.
     *
     * @param accounts each amount times its account's number
     * @param notes how many notes there are
     * @param bodies the length of each note times its number
     * @param found how many notes the full-text index finds for a word
     */
    record Sums(long accounts, long notes, long bodies, long found) {}

    /** The number of the last transaction in it. */
    long last() {
        return spans.isEmpty() ? 0 : spans.get(spans.size() - 1).last();
    }

    /** @param file a whole database that nobody writes to */
    static LedgerState of(Path file) throws SQLException {
        return read("jdbc:sqlite:file:" + file + "?immutable=1");
    }

    /** Of a database that is in use. */
    static LedgerState live(Path database) throws SQLException {
        return read("jdbc:sqlite:" + database);
    }

    private static LedgerState read(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            String integrity;
            try (ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
                integrity = row.getString(1);
            }
            List<Span> spans = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery("SELECT era, min(number), max(number) FROM entry GROUP BY era ORDER BY 2")) {
                while (rows.next()) {
                    spans.add(new Span(rows.getInt(1), rows.getLong(2), rows.getLong(3)));
                }
            }
            Sums sums = new Sums(
                    number(statement, "SELECT sum(id * amount) FROM account"),
                    number(statement, "SELECT count(*) FROM note"),
                    number(statement, "SELECT sum(id * length(body)) FROM note"),
                    number(statement, "SELECT count(*) FROM search WHERE search MATCH '" + LedgerEffect.WORD + "'"));
            return new LedgerState(
                    integrity,
                    List.copyOf(spans),
                    number(statement, "SELECT count(*) FROM entry"),
                    number(statement, "SELECT sum(amount) FROM account"),
                    sums);
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.getLong(1);
        }
    }
}
