package dev.cairn.backup.examples.lostdisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Accounts and every transfer between them. Transfers neither make nor lose money, and are numbered without gaps. Thread-safe. */
final class Bank {

    /** Accounts that there are. */
    static final int ACCOUNTS = 1000;

    /** What each account begins with. */
    static final long BEGINNING = 1_000;

    private final Path database;
    private final SplittableRandom random = new SplittableRandom(7);
    private @Nullable Connection connection;

    Bank(Path database) {
        this.database = database;
    }

    /**
     * What the books say.
     *
     * @param transfers how many were made
     * @param lastNumber the number of the last one
     * @param money the sum of all accounts
     */
    record Books(long transfers, long lastNumber, long money) {

        /** Whether no transfer is missing in between, and no money was made or lost. */
        boolean areRight() {
            return transfers == lastNumber && money == ACCOUNTS * BEGINNING;
        }
    }

    synchronized void open() {
        try {
            Files.createDirectories(database.toAbsolutePath().getParent());
            connection = DriverManager.getConnection("jdbc:sqlite:" + database);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode=WAL");
                statement.execute("PRAGMA synchronous=NORMAL");
                statement.execute(
                        "CREATE TABLE IF NOT EXISTS accounts(id INTEGER PRIMARY KEY, money INTEGER NOT NULL)");
                statement.execute(
                        "CREATE TABLE IF NOT EXISTS transfers(number INTEGER PRIMARY KEY, payer INTEGER, payee INTEGER, amount INTEGER)");
                statement.execute("WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < "
                        + ACCOUNTS + ") INSERT OR IGNORE INTO accounts SELECT i, " + BEGINNING + " FROM n");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(database + " cannot be opened", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes it; does nothing if it is not open, as on a machine that has no database yet. */
    synchronized void close() {
        Connection open = connection;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (SQLException e) {
            throw new IllegalStateException(database + " cannot be closed", e);
        }
        connection = null;
    }

    /** Makes one transfer in a transaction; answers its number. When this returns it is committed. */
    synchronized long transfer() throws SQLException {
        Connection open = opened();
        open.setAutoCommit(false);
        try {
            long number = 1 + number("SELECT coalesce(max(number), 0) FROM transfers");
            int payer = 1 + random.nextInt(ACCOUNTS);
            int payee = 1 + random.nextInt(ACCOUNTS);
            int amount = random.nextInt(100);
            run("UPDATE accounts SET money = money - ? WHERE id = ?", amount, payer);
            run("UPDATE accounts SET money = money + ? WHERE id = ?", amount, payee);
            run("INSERT INTO transfers VALUES(?, ?, ?, ?)", number, payer, payee, amount);
            open.commit();
            return number;
        } catch (SQLException e) {
            open.rollback();
            throw e;
        } finally {
            open.setAutoCommit(true);
        }
    }

    synchronized Books books() throws SQLException {
        return new Books(
                number("SELECT count(*) FROM transfers"),
                number("SELECT coalesce(max(number), 0) FROM transfers"),
                number("SELECT sum(money) FROM accounts"));
    }

    private long number(String query) throws SQLException {
        try (Statement statement = opened().createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.getLong(1);
        }
    }

    private void run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = opened().prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private Connection opened() {
        Connection open = connection;
        if (open == null) {
            throw new IllegalStateException(database + " is closed");
        }
        return open;
    }
}
