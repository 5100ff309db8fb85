package dev.cairn.backup.examples.magds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The application whose backups are run: a state file, another of the same name, a folder of graphs, and a journal in SQLite. */
record Kernel(MagdsPlace place) {

    static final String CONFIG = """
            {
              "magds": {
                "backup": {
                  "datasets": [
                    {"name": "kernel_state", "source": "storage/state/system.json", "type": "file"},
                    {"name": "worker_state", "source": "storage/worker/system.json", "type": "file"},
                    {"name": "graphs", "source": "storage/graphs", "type": "directory"},
                    {"name": "journal", "source": "storage/journal.db", "type": "sqlite"},
                    {"name": "notes", "source": "storage/notes.md", "type": "file", "optional": true}
                  ]
                }
              }
            }
            """;

    static Kernel at(Path root) {
        return new Kernel(new MagdsPlace(root));
    }

    Kernel configured(String text) throws IOException {
        write(place.config(), text);
        return this;
    }

    /** Writes everything as of a turn. */
    Kernel turn(int turn) throws IOException, SQLException {
        write(state(), "{\"kernel\":" + turn + "}");
        write(worker(), "{\"worker\":" + turn + "}");
        write(graphs().resolve("a/graph.json"), "{\"nodes\":" + turn + "}");
        write(graphs().resolve("turn-" + turn + ".json"), "{}");
        try (Connection journal = DriverManager.getConnection("jdbc:sqlite:" + journal());
                Statement statement = journal.createStatement()) {
            statement.execute("create table if not exists entry (turn integer)");
            statement.execute("insert into entry values (" + turn + ")");
        }
        return this;
    }

    Path state() {
        return place.root().resolve("storage/state/system.json");
    }

    Path worker() {
        return place.root().resolve("storage/worker/system.json");
    }

    Path graphs() {
        return place.root().resolve("storage/graphs");
    }

    Path journal() {
        return place.root().resolve("storage/journal.db");
    }

    Path backups() {
        return place.root().resolve("storage/backups");
    }

    /** Everything in one line. */
    String describe() throws IOException, SQLException {
        try (Connection journal = DriverManager.getConnection("jdbc:sqlite:" + journal());
                Statement statement = journal.createStatement();
                ResultSet turns = statement.executeQuery("select group_concat(turn) from entry")) {
            return Files.readString(state()) + " " + Files.readString(worker()) + " "
                    + Files.readString(graphs().resolve("a/graph.json")) + " " + turns.getString(1);
        }
    }

    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
