package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;

/** A database of captured tables without their rows, made of what each says of itself: rows can only be restored into tables that are there. */
public final class EmptyTables {

    private EmptyTables() {}

    /**
     * Makes the database at the settings' place, which must be free, with the tables as they were captured.
     *
     * @throws dev.cairn.backup.DamagedSnapshotException if an entry is not what was written
     * @throws dev.cairn.backup.StoreException if it cannot be made
     */
    public static void make(TableSettings settings, DatasetReader snapshot) {
        DatabaseFiles place = settings.files();
        SnapshotId id = snapshot.snapshot().id();
        try {
            List<TableHeader> headers = headers(snapshot);
            DurableFiles.createDirectories(place.folder());
            DurableFiles.writeNew(place.main(), BlobContent.of(new byte[0]));
            SQLiteConnection connection = Connections.open(place.main(), settings.busyTimeout());
            try {
                for (TableHeader header : headers) {
                    // Only the first has an effect: a database has one encoding, fixed with its first table.
                    Connections.run(
                            connection, "PRAGMA encoding='" + header.encoding().pragma() + "'");
                    Connections.run(connection, header.schema().sql());
                }
            } finally {
                Connections.closeQuietly(connection);
            }
        } catch (SQLException e) {
            throw TableFailures.restore(settings.name(), id, place.main(), e);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Making " + place.main(), e);
        }
    }

    private static List<TableHeader> headers(DatasetReader snapshot) throws IOException {
        List<TableHeader> headers = new ArrayList<>();
        try (EntryCursor entries = snapshot.entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                try (TableLines lines = TableLines.open(snapshot.snapshot().id(), entry)) {
                    headers.add(lines.header());
                }
            }
        }
        return headers;
    }
}
