package dev.cairn.backup.sqlite.tables;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.spi.Entry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A captured table, read line by line. What is not as Cairn writes it is damage. */
final class TableLines implements AutoCloseable {

    private final SnapshotId snapshot;
    private final Entry entry;
    private final JsonParser json;
    private final TableHeader header;
    private final int cells;
    private long rows;

    private TableLines(SnapshotId snapshot, Entry entry, JsonParser json) throws IOException {
        this.snapshot = snapshot;
        this.entry = entry;
        this.json = json;
        this.header = readHeader();
        this.cells = header.schema().cells().size();
    }

    /**
     * Opens a table and reads its header.
     *
     * @throws DamagedSnapshotException if it has none
     * @throws UnsupportedFormatException if a newer release wrote it
     */
    static TableLines open(SnapshotId snapshot, Entry entry) throws IOException {
        JsonParser json = RowJson.factory().createParser(entry.content().open());
        TableLines lines = null;
        try {
            lines = new TableLines(snapshot, entry, json);
            return lines;
        } finally {
            if (lines == null) {
                json.close();
            }
        }
    }

    TableHeader header() {
        return header;
    }

    /** How many rows were read. */
    long rows() {
        return rows;
    }

    /**
     * The next row, or null after the last; the content was then read and verified to its end.
     *
     * @throws DamagedSnapshotException if there is something else than a row of this table
     */
    @Nullable
    Object @Nullable [] next() throws IOException {
        try {
            JsonToken token = json.nextToken();
            if (token == null) {
                return null;
            }
            if (token != JsonToken.START_ARRAY) {
                throw damaged("holds " + token + " in the place of row " + (rows + 1), null);
            }
            @Nullable Object[] row = RowJson.read(json);
            if (row.length != cells) {
                throw damaged("has " + row.length + " values in row " + (rows + 1) + " instead of " + cells, null);
            }
            rows++;
            return row;
        } catch (TableHeader.Malformed | JsonProcessingException e) {
            throw damaged("is not as it was written after row " + rows + ": " + e.getMessage(), e);
        }
    }

    private TableHeader readHeader() throws IOException {
        try {
            JsonNode first = json.readValueAsTree();
            TableHeader read = TableHeader.of(first);
            if (!TablePath.of(read.schema().name()).equals(entry.path())) {
                throw damaged("holds table '" + read.schema().name() + "'", null);
            }
            return read;
        } catch (TableHeader.Malformed e) {
            if (e.unknownVersion() > TableHeader.VERSION) {
                throw new UnsupportedFormatException(
                        "table " + entry.path(), e.unknownVersion(), TableHeader.VERSION, snapshot);
            }
            throw damaged("is no table: " + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw damaged("is no table: " + e.getOriginalMessage(), e);
        }
    }

    /** The error for what is not as Cairn writes it. */
    BackupException damaged(String problem, @Nullable Exception cause) {
        return new DamagedSnapshotException(snapshot, entry.path().value(), problem, cause);
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
