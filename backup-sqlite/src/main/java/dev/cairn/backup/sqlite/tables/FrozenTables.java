package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.DatabaseFiles;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteConnection;

/**
 * Tables pinned by an open read transaction, from which their rows are read as they are asked for. Several streams are several statements of the one connection,
 * which takes their steps one after the other.
 *
 * <p>There is no {@link #identity}, for the reasons that hold for whole databases.
 */
final class FrozenTables implements FrozenView {

    /** For the estimate of an entry's size, which only decides how a repository shares out its work. */
    private static final int LIKELY_ROW_BYTES = 100;

    private final TableSettings settings;
    private final DatabaseFiles files;
    private final CaptureContext context;
    private final SQLiteConnection pinned;
    private Map<String, Long> counts = Map.of();
    private boolean read;
    private volatile boolean closed;

    FrozenTables(TableSettings settings, DatabaseFiles files, CaptureContext context, SQLiteConnection pinned) {
        this.settings = settings;
        this.files = files;
        this.context = context;
        this.pinned = pinned;
    }

    @Override
    public synchronized EntryCursor entries() {
        if (read || closed) {
            throw new IllegalStateException(files.main() + (closed ? " is closed" : " was read before"));
        }
        read = true;
        try {
            TextEncoding encoding = TextEncoding.of(pinned);
            Map<String, Long> counted = new LinkedHashMap<>();
            List<Entry> entries = new ArrayList<>();
            // Once more, for the host may have changed its schema between the preparation and the freeze.
            for (TableSchema schema : PreparedTables.schemas(settings, files, pinned)) {
                context.cancellation().throwIfCancelled("Reading " + files.main());
                long rows = Connections.number(pinned, "SELECT count(*) FROM main." + TableSql.quoted(schema.name()));
                counted.put(settings.countOf(schema.name()), rows);
                TableHeader header = new TableHeader(schema, encoding, Sequences.of(pinned, schema.name()));
                EntryContent content = () -> open(header);
                entries.add(Entry.file(
                        TablePath.of(schema.name()), rows * LIKELY_ROW_BYTES, EntryAttributes.NONE, content));
            }
            counts = Map.copyOf(counted);
            return EntryCursor.of(entries);
        } catch (SQLException e) {
            throw SqliteFailure.source(settings.name(), files.main(), e);
        }
    }

    private InputStream open(TableHeader header) throws IOException {
        if (closed) {
            throw new IOException(files.main() + " is not pinned any more");
        }
        try {
            return new RowStream(header, pinned, this::requireWanted, this::failure);
        } catch (SQLException e) {
            throw failure(header.schema().name(), e);
        }
    }

    private void requireWanted() throws IOException {
        if (closed) {
            throw new IOException(files.main() + " is not pinned any more");
        }
        if (context.cancellation().isCancelled()) {
            throw new BackupCancelledException("Reading " + files.main());
        }
    }

    private RuntimeException failure(String table, SQLException e) {
        return TableFailures.capture(settings.name(), files.main(), table, e);
    }

    @Override
    public synchronized Map<String, Long> counts() {
        return counts;
    }

    @Override
    public void close() {
        closed = true;
        Connections.closeQuietly(pinned);
    }
}
