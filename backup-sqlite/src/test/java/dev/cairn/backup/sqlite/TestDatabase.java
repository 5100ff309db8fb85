package dev.cairn.backup.sqlite;

import dev.cairn.backup.sqlite.live.Connections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database as a host uses it: plain JDBC connections that are opened and closed. */
public final class TestDatabase {

    private TestDatabase() {}

    /** A connection that makes the file if need be. */
    public static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + Connections.uri(file) + "?mode=rwc", properties());
    }

    private static java.util.Properties properties() {
        java.util.Properties properties = new java.util.Properties();
        properties.setProperty("busy_timeout", "500");
        return properties;
    }

    /** Runs statements on a connection of their own, which is closed again. */
    public static void run(Path file, String... statements) throws SQLException {
        try (Connection connection = open(file)) {
            run(connection, statements);
        }
    }

    /** Runs statements. */
    public static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first value of a query on a connection of its own. */
    public static String one(Path file, String query) throws SQLException {
        try (Connection connection = open(file)) {
            return one(connection, query);
        }
    }

    /** The first value of a query. */
    public static String one(Connection connection, String query) throws SQLException {
        List<String> all = all(connection, query);
        return all.isEmpty() ? "nothing" : all.get(0);
    }

    /** The first column of a query. */
    public static List<String> all(Connection connection, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    /** A WAL database with one counter. */
    public static Path counter(Path file, String journalMode, long value) throws SQLException {
        run(
                file,
                "PRAGMA journal_mode=" + journalMode,
                "CREATE TABLE IF NOT EXISTS counter(id INTEGER PRIMARY KEY, value INTEGER)",
                "INSERT INTO counter VALUES(1, " + value + ") ON CONFLICT(id) DO UPDATE SET value = excluded.value");
        return file;
    }

    /** The counter's value. */
    public static long counterOf(Path file) throws SQLException {
        return Long.parseLong(one(file, "SELECT value FROM counter"));
    }
}
