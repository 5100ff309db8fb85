package dev.cairn.backup.core.e2e;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/**
 * One connection of a host to its ledger: money that is only moved, entries that are numbered without a gap, notes that come and go, an index and a full-text index. For one thread.
 */
final class Ledger implements AutoCloseable {

    private final Connection connection;

    private Ledger(Connection connection) {
        this.connection = connection;
    }

    /**
     * A transaction that was committed.
     *
     * @param number its number
     * @param committing before this moment nobody could see it
     */
    record Committed(long number, Instant committing) {}

    /** Opens a ledger, and makes it if there is none. */
    static Ledger open(Path database) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Ledger ledger = new Ledger(connection);
        ledger.run("PRAGMA busy_timeout=20000");
        ledger.run("PRAGMA journal_mode=WAL");
        ledger.run("PRAGMA synchronous=NORMAL");
        ledger.run("BEGIN IMMEDIATE");
        if (ledger.number("SELECT count(*) FROM sqlite_schema") == 0) {
            ledger.make();
        }
        ledger.run("COMMIT");
        return ledger;
    }

    private void make() throws SQLException {
        run("CREATE TABLE account(id INTEGER PRIMARY KEY, amount INTEGER NOT NULL)");
        run(
                "CREATE TABLE entry(number INTEGER PRIMARY KEY, era INTEGER, payer INTEGER, payee INTEGER, amount INTEGER)");
        run("CREATE TABLE note(id INTEGER PRIMARY KEY, topic INTEGER, body TEXT)");
        run("CREATE INDEX note_by_topic ON note(topic, body)");
        run("CREATE VIRTUAL TABLE search USING fts5(body)");
        run("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < " + LedgerEffect.ACCOUNTS
                + ") INSERT INTO account SELECT i, " + LedgerEffect.BEGINNING + " FROM n");
    }

    /** The next transaction. When this returns it is committed. */
    Committed transact(int era) throws SQLException {
        run("BEGIN IMMEDIATE");
        try {
            long number = 1 + last();
            apply(era, number, LedgerEffect.of(era, number));
            Instant committing = Instant.now();
            run("COMMIT");
            return new Committed(number, committing);
        } catch (SQLException e) {
            run("ROLLBACK");
            throw e;
        }
    }

    private void apply(int era, long number, LedgerEffect effect) throws SQLException {
        run("UPDATE account SET amount = amount - ? WHERE id = ?", effect.amount(), effect.payer());
        run("UPDATE account SET amount = amount + ? WHERE id = ?", effect.amount(), effect.payee());
        run("INSERT INTO entry VALUES(?, ?, ?, ?, ?)", number, era, effect.payer(), effect.payee(), effect.amount());
        run("INSERT INTO note VALUES(?, ?, ?)", number, number % 7, effect.body());
        run("INSERT INTO search(rowid, body) VALUES(?, ?)", number, effect.body());
        run("UPDATE note SET body = ? WHERE id = ?", effect.body(), effect.changed());
        run("UPDATE search SET body = ? WHERE rowid = ?", effect.body(), effect.changed());
        if (effect.keptFrom() > 0) {
            run("DELETE FROM note WHERE id < ?", effect.keptFrom());
            run("DELETE FROM search WHERE rowid < ?", effect.keptFrom());
        }
    }

    /** The number of the last transaction. */
    long last() throws SQLException {
        return number("SELECT coalesce(max(number), 0) FROM entry");
    }

    /** A transaction of its own that changes many pages and no content. */
    void vacuum() throws SQLException {
        run("VACUUM");
    }

    /** Whether a checkpoint of that mode came to its end. */
    boolean checkpoint(String mode) throws SQLException {
        return number("PRAGMA wal_checkpoint(" + mode + ")") == 0;
    }

    /** A copy by SQLite's own means. */
    void copyTo(Path file) throws SQLException {
        run("VACUUM INTO ?", file.toString());
    }

    private long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.getLong(1);
        }
    }

    void run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.execute();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
