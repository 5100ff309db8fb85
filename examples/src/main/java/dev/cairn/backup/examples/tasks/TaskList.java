package dev.cairn.backup.examples.tasks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The application: tasks in a database, an attachment to each in a file, drafts in memory. It changes them under one lock and nowhere else. */
final class TaskList implements AutoCloseable {

    /**
     * What is only in memory.
     *
     * @param texts by who writes
     */
    record Drafts(Map<String, String> texts) {}

    private final Path database;
    private final Path attachments;
    private final Map<String, String> drafts = new TreeMap<>();
    private @Nullable Connection connection;

    /** @param folder where its data lie */
    TaskList(Path folder) {
        this.database = folder.resolve("tasks.db");
        this.attachments = folder.resolve("attachments");
        try {
            Files.createDirectories(attachments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void connect() {
        try {
            Connection opened = DriverManager.getConnection("jdbc:sqlite:" + database);
            connection = opened;
            try (Statement statement = opened.createStatement()) {
                statement.execute("PRAGMA journal_mode=WAL"); // so that a snapshot never holds up a writer
                statement.execute("CREATE TABLE IF NOT EXISTS task(title TEXT PRIMARY KEY)");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot open " + database, e);
        }
    }

    synchronized void disconnect() {
        try {
            if (connection != null) {
                connection.close();
                connection = null;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot close " + database, e);
        }
    }

    private Connection connection() {
        if (connection == null) {
            throw new IllegalStateException("the task list is not connected");
        }
        return connection;
    }

    /** Files are replaced by renaming and never written in place, so that a snapshot may read them later than its instant. */
    synchronized void add(String title, String attachment) throws SQLException, IOException {
        Path half = Files.writeString(attachments.resolve(".half"), attachment);
        Files.move(half, attachments.resolve(title + ".txt"), StandardCopyOption.ATOMIC_MOVE);
        try (PreparedStatement insert = connection().prepareStatement("INSERT INTO task(title) VALUES(?)")) {
            insert.setString(1, title);
            insert.executeUpdate();
        }
    }

    synchronized void draft(String author, String text) {
        drafts.put(author, text);
    }

    synchronized Drafts drafts() {
        return new Drafts(Map.copyOf(drafts));
    }

    synchronized void replaceDrafts(Drafts restored) {
        drafts.clear();
        drafts.putAll(restored.texts());
    }

    /** Runs it while nothing changes. */
    synchronized void whileQuiet(Runnable action) {
        action.run();
    }

    /** All of it, to compare. */
    synchronized List<String> content() throws SQLException, IOException {
        List<String> content = new ArrayList<>();
        try (Statement statement = connection().createStatement();
                ResultSet rows = statement.executeQuery("SELECT title FROM task ORDER BY title")) {
            while (rows.next()) {
                String title = rows.getString(1);
                content.add(title + ": " + Files.readString(attachments.resolve(title + ".txt")));
            }
        }
        content.add("drafts: " + drafts);
        return content;
    }

    @Override
    public void close() {
        disconnect();
    }
}
