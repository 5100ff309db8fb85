package dev.cairn.backup.sqlite.tables;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.sqlite.SQLiteConnection;

/**
 * A table as lines: its header, then its rows in the order of their key, read from the database as they are asked for. Holds what makes up 64 KiB, and at least
 * one row. For one thread.
 */
final class RowStream extends InputStream {

    private static final int FILL_BYTES = 64 * 1024;

    private final TableHeader header;
    private final Check wanted;
    private final Failure failure;
    private final PreparedStatement query;
    private final ResultSet rows;
    private final Lines lines = new Lines();
    private final JsonGenerator json;
    private boolean ended;

    /** @param wanted asked before each fill; throws if the stream shall end */
    RowStream(TableHeader header, SQLiteConnection pinned, Check wanted, Failure failure)
            throws SQLException, IOException {
        this.header = header;
        this.wanted = wanted;
        this.failure = failure;
        this.json = RowJson.factory().createGenerator(lines);
        this.query = pinned.prepareStatement(TableSql.select(header.schema(), header.encoding()));
        boolean open = false;
        try {
            this.rows = query.executeQuery();
            json.writeTree(header.toJson());
            open = true;
        } finally {
            if (!open) {
                query.close();
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (lines.isEmpty() && !ended) {
            fill();
        }
        return lines.take(buffer, offset, length);
    }

    private void fill() throws IOException {
        wanted.require();
        lines.reset();
        int cells = header.schema().cells().size();
        try {
            while (lines.size() < FILL_BYTES) {
                if (!rows.next()) {
                    ended = true;
                    json.writeRaw('\n');
                    json.flush();
                    close();
                    return;
                }
                RowJson.write(json, header.encoding().row(rows, cells, RowJson.MOST_ROW_BYTES));
                json.flush();
            }
        } catch (SQLException e) {
            throw failure.of(header.schema().name(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            query.close();
        } catch (SQLException e) {
            throw failure.of(header.schema().name(), e);
        }
    }

    /** Throws if a stream is no longer wanted. */
    @FunctionalInterface
    interface Check {
        void require() throws IOException;
    }

    /** The error that a failure of the database is told as. */
    @FunctionalInterface
    interface Failure {
        RuntimeException of(String table, SQLException e);
    }

    /** Lines that were made and not yet handed out. */
    private static final class Lines extends ByteArrayOutputStream {

        private int taken;

        Lines() {
            super(2 * FILL_BYTES);
        }

        boolean isEmpty() {
            return taken == count;
        }

        @Override
        public synchronized void reset() {
            taken = 0;
            count = 0;
            if (buf.length > 4 * FILL_BYTES) {
                buf = new byte[2 * FILL_BYTES]; // one great row must not be remembered for the rest of the table
            }
        }

        synchronized int take(byte[] into, int offset, int length) {
            if (isEmpty()) {
                return -1;
            }
            int n = Math.min(length, count - taken);
            System.arraycopy(buf, taken, into, offset, n);
            taken += n;
            return n;
        }
    }
}
