package dev.cairn.backup.examples.sonia.memory;

import dev.cairn.backup.InvalidValueException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code memory.db}: memories with full-text search. One connection; thread-safe. */
public final class MemoryDatabase {

    /** The memory that every database has, so that a search on a restored one has something that it must find. */
    public static final String CANARY = "canary";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int MOST_FOUND = 100;

    private static final List<String> SCHEMA = List.of(
            "CREATE TABLE IF NOT EXISTS schema_version(version INTEGER PRIMARY KEY)",
            "INSERT OR IGNORE INTO schema_version VALUES(1)",
            "CREATE TABLE IF NOT EXISTS memories(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, content TEXT NOT NULL,"
                    + " created_at TEXT NOT NULL, archived_at TEXT, embedding BLOB)",
            "CREATE VIRTUAL TABLE IF NOT EXISTS memories_fts USING fts5(content, content='memories', content_rowid='number')",
            "CREATE TRIGGER IF NOT EXISTS memories_ai AFTER INSERT ON memories BEGIN"
                    + " INSERT INTO memories_fts(rowid, content) VALUES(new.number, new.content); END",
            "CREATE TRIGGER IF NOT EXISTS memories_ad AFTER DELETE ON memories BEGIN"
                    + " INSERT INTO memories_fts(memories_fts, rowid, content) VALUES('delete', old.number, old.content); END",
            "CREATE TRIGGER IF NOT EXISTS memories_au AFTER UPDATE OF content ON memories BEGIN"
                    + " INSERT INTO memories_fts(memories_fts, rowid, content) VALUES('delete', old.number, old.content);"
                    + " INSERT INTO memories_fts(rowid, content) VALUES(new.number, new.content); END");

    private final Path file;
    private @Nullable Connection connection;

    /** @param file the main file */
    public MemoryDatabase(Path file) {
        this.file = file;
    }

    /** The database cannot be used. */
    public static final class UnusableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnusableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Opens it; makes what is missing. @throws UnusableException if it is damaged */
    public synchronized void open() {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            openExisting();
            for (String statement : SCHEMA) {
                run(statement);
            }
            run(
                    "INSERT OR IGNORE INTO memories(id, content, created_at) VALUES(?, ?, ?)",
                    CANARY,
                    "the canary sings when a restored memory is searched",
                    TIME.format(Instant.EPOCH));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw damaged(e);
        }
    }

    /** Opens one as it is; nothing is made. @throws UnusableException if it is damaged */
    public synchronized void openExisting() {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            run("PRAGMA busy_timeout=5000");
            run("PRAGMA journal_mode=WAL");
            run("PRAGMA synchronous=NORMAL");
            String found = text("PRAGMA quick_check(1)");
            if (!found.equals("ok")) {
                throw new SQLException(found);
            }
        } catch (SQLException e) {
            close();
            throw damaged(e);
        }
    }

    private UnusableException damaged(SQLException e) {
        return new UnusableException(
                file + " cannot be used: " + e.getMessage()
                        + "; if it is damaged, restore it with RestoreDatabase while the service is down",
                e);
    }

    /** Closes it; does nothing if it is not open. */
    public synchronized void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                throw new UnusableException(file + " cannot be closed", e);
            }
        }
    }

    /** Remembers something; committed when this returns. */
    public synchronized Memory add(String content, Instant now) throws SQLException {
        if (content.isBlank()) {
            throw new InvalidValueException("content", content, "a text that is not blank");
        }
        Memory memory = new Memory("mem_" + UUID.randomUUID(), content, TIME.format(now), null);
        run("INSERT INTO memories(id, content, created_at) VALUES(?, ?, ?)", memory.id(), content, memory.created_at());
        return memory;
    }

    /** Archives one; it stays for a year. @return whether it was there and not archived */
    public synchronized boolean archive(String id, Instant now) throws SQLException {
        return run("UPDATE memories SET archived_at = ? WHERE id = ? AND archived_at IS NULL", TIME.format(now), id)
                == 1;
    }

    /** Takes that back. @return whether it was archived */
    public synchronized boolean unarchive(String id) throws SQLException {
        return run("UPDATE memories SET archived_at = NULL WHERE id = ? AND archived_at IS NOT NULL", id) == 1;
    }

    /** Deletes one for good. @return whether it was there */
    public synchronized boolean delete(String id) throws SQLException {
        return run("DELETE FROM memories WHERE id = ?", id) == 1;
    }

    /** Deletes for good what was archived before a time; answers how many. */
    public synchronized int purge(Instant archivedBefore) throws SQLException {
        return run("DELETE FROM memories WHERE archived_at < ?", TIME.format(archivedBefore));
    }

    /** What is not archived and contains the words, best first. */
    public synchronized List<Memory> search(String words, int limit) throws SQLException {
        if (limit < 1 || limit > MOST_FOUND) {
            throw new InvalidValueException("limit", limit, "1 to " + MOST_FOUND);
        }
        String phrase = '"' + words.replace("\"", "\"\"") + '"'; // The words, whatever FTS5's own syntax makes of them.
        return memories(
                "SELECT m.* FROM memories_fts f JOIN memories m ON m.number = f.rowid"
                        + " WHERE memories_fts MATCH ? AND m.archived_at IS NULL ORDER BY rank, m.number LIMIT ?",
                phrase,
                limit);
    }

    /** What is archived and contains a text. */
    public synchronized List<Memory> archived(String text) throws SQLException {
        return memories(
                "SELECT * FROM memories WHERE archived_at IS NOT NULL AND instr(content, ?) > 0 ORDER BY number", text);
    }

    /** How many there are, archived ones too. */
    public synchronized long count() throws SQLException {
        return Long.parseLong(text("SELECT count(*) FROM memories"));
    }

    /** What came of bringing rows back. @param restored the ids of those that were missing here @param present the ids of those that are here and stayed as they are */
    public record Rescued(List<String> restored, List<String> present) {}

    /**
     * Brings chosen rows back from a copy of this database, in one transaction. Rows that are here stay as they are.
     *
     * @param copy another database of this form, not in use
     * @param ids which; each must be in the copy
     * @throws InvalidValueException if one is not; nothing was changed
     */
    public synchronized Rescued bringBack(Path copy, List<String> ids) throws SQLException {
        run("ATTACH DATABASE ? AS old", copy.toString());
        try {
            Connection open = opened();
            open.setAutoCommit(false);
            try {
                Rescued rescued = new Rescued(new ArrayList<>(), new ArrayList<>());
                for (String id : ids) {
                    bringBack(id, rescued);
                }
                open.commit();
                return rescued;
            } catch (SQLException | RuntimeException e) {
                open.rollback();
                throw e;
            } finally {
                open.setAutoCommit(true);
            }
        } finally {
            run("DETACH DATABASE old");
        }
    }

    private void bringBack(String id, Rescued rescued) throws SQLException {
        int added = run(
                "INSERT OR IGNORE INTO main.memories(id, content, created_at, archived_at, embedding)"
                        + " SELECT id, content, created_at, archived_at, embedding FROM old.memories WHERE id = ?",
                id);
        if (added == 1) {
            rescued.restored().add(id);
        } else if (memories("SELECT * FROM old.memories WHERE id = ?", id).isEmpty()) {
            throw new InvalidValueException("memory", id, "one that the backup holds; choose an older or newer backup");
        } else {
            rescued.present().add(id);
        }
    }

    private List<Memory> memories(String query, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(query, values);
                ResultSet row = statement.executeQuery()) {
            List<Memory> found = new ArrayList<>();
            while (row.next()) {
                found.add(new Memory(
                        row.getString("id"),
                        row.getString("content"),
                        row.getString("created_at"),
                        row.getString("archived_at")));
            }
            return found;
        }
    }

    private String text(String query) throws SQLException {
        try (PreparedStatement statement = prepared(query);
                ResultSet row = statement.executeQuery()) {
            return row.getString(1);
        }
    }

    private int run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            statement.execute();
            return statement.getUpdateCount();
        }
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = opened().prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private Connection opened() {
        Connection open = connection;
        if (open == null) {
            throw new UnusableException(file + " is closed while it is restored; try again", null);
        }
        return open;
    }
}
