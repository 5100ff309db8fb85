package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.DatabaseSettings;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteConnection;

/**
 * Compares a restored copy with its snapshot byte by byte, then has SQLite look at it. The copy is read as a file, which would cost a live database its locks
 * (https://www.sqlite.org/howtocorrupt.html, 2.2): nobody may have it open.
 */
public final class CopyComparison {

    private static final int BUFFER_BYTES = 1 << 20;

    private CopyComparison() {}

    /** What differs, one sentence each. */
    public static List<String> differences(DatabaseSettings copy, DatasetReader snapshot) {
        DatabaseFiles files = copy.files();
        try {
            List<String> found = ofBytes(files, snapshot);
            if (found.isEmpty() && files.exists()) {
                unsound(copy, files.main()).ifPresent(found::add);
            }
            return found;
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Comparing " + files.main(), e);
        }
    }

    private static List<String> ofBytes(DatabaseFiles files, DatasetReader snapshot) throws IOException {
        List<String> found = new ArrayList<>();
        Optional<Entry> entry = SnapshotDatabase.entryOf(snapshot);
        if (entry.isEmpty()) {
            if (files.exists()) {
                found.add(files.main() + " is there and the snapshot has none");
            }
            return found;
        }
        if (!files.exists()) {
            found.add(files.main() + " is missing");
            return found;
        }
        for (Path log : List.of(files.wal(), files.journal())) {
            if (DurableFiles.exists(log)) {
                found.add(log + " lies beside the database and would be applied to it");
            }
        }
        firstDifference(entry.get(), files.main()).ifPresent(found::add);
        return found;
    }

    private static Optional<String> firstDifference(Entry entry, Path file) throws IOException {
        try (InputStream kept = entry.content().open();
                InputStream now = Files.newInputStream(file)) {
            byte[] a = new byte[BUFFER_BYTES];
            byte[] b = new byte[BUFFER_BYTES];
            long position = 0;
            while (true) {
                int n = kept.readNBytes(a, 0, a.length);
                int m = now.readNBytes(b, 0, b.length);
                int differs = Arrays.mismatch(a, 0, n, b, 0, m);
                if (differs >= 0) {
                    return Optional.of(file + " differs from the snapshot at byte " + (position + differs));
                }
                if (n == 0) {
                    return Optional.empty();
                }
                position += n;
            }
        }
    }

    private static Optional<String> unsound(DatabaseSettings copy, Path file) {
        try {
            SQLiteConnection connection = Connections.openImmutable(file);
            try {
                return IntegrityVerdict.damage(connection, copy.thoroughCheck(), file.toString())
                        .map(damage -> file + " is not sound: " + damage);
            } finally {
                Connections.closeQuietly(connection);
            }
        } catch (SQLException e) {
            if (SqliteFailure.of(e) == SqliteFailure.NOT_SOUND) {
                return Optional.of(file + " is not sound: " + e.getMessage());
            }
            throw SqliteFailure.store(file, e);
        }
    }
}
