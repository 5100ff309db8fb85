package dev.cairn.backup.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads what a service really holds: each row through a connection of its own, each file from the disk. The service must not write meanwhile. */
final class ActualState {

    private ActualState() {}

    static NotesState of(NotesService service) throws IOException, SQLException {
        NotesPlace place = service.place();
        SortedMap<Long, NotesState.Note> notes = new TreeMap<>();
        long counter;
        try (Connection connection = ConnectionPool.connect(place.database());
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT id, author, text FROM notes")) {
                while (rows.next()) {
                    notes.put(rows.getLong(1), new NotesState.Note(rows.getString(2), rows.getString(3)));
                }
            }
            try (ResultSet row = statement.executeQuery("SELECT step FROM counter")) {
                counter = row.getLong(1);
            }
        }
        return new NotesState(counter, notes, files(place.files()), service.sessions());
    }

    private static SortedMap<String, byte[]> files(Path root) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        // Cairn keeps what a restore replaced in the root, under a name of its own.
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(path).toString().replace('\\', '/');
                if (!name.startsWith(".cairn-")) {
                    files.put(name, Files.readAllBytes(path));
                }
            }
        }
        return files;
    }
}
