package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.sqlite.live.Connections;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * How a database keeps text, and how a value is read from it so that no bit is lost. SQLite does not check text: what is no Unicode in the database's
 * encoding is kept as {@link IllFormedText}.
 */
enum TextEncoding {
    UTF_8("UTF-8", StandardCharsets.UTF_8),
    UTF_16LE("UTF-16le", StandardCharsets.UTF_16LE),
    UTF_16BE("UTF-16be", StandardCharsets.UTF_16BE);

    /** What a decoder puts in the place of what it cannot read. */
    private static final char REPLACEMENT = '\uFFFD';

    private final String pragma;
    private final Charset charset;

    TextEncoding(String pragma, Charset charset) {
        this.pragma = pragma;
        this.charset = charset;
    }

    /** The encoding of a database. */
    static TextEncoding of(SQLiteConnection connection) throws SQLException {
        return named(Connections.text(connection, "PRAGMA encoding"));
    }

    /**
     * The encoding that SQLite calls so.
     *
     * @throws SQLException if it is none of the three
     */
    static TextEncoding named(String pragma) throws SQLException {
        for (TextEncoding encoding : values()) {
            if (encoding.pragma.equals(pragma)) {
                return encoding;
            }
        }
        throw new SQLException("unknown text encoding " + pragma);
    }

    /** SQLite's name for it. */
    String pragma() {
        return pragma;
    }

    /**
     * What to select in order to read a value. SQLite hands out text as UTF-8; on the way there from UTF-16 it makes something else of a lone surrogate,
     * so such a database is asked for the bytes.
     *
     * @param column the quoted column
     */
    String select(String column) {
        return this == UTF_8
                ? column
                : "typeof(" + column + "), CASE typeof(" + column + ") WHEN 'text' THEN CAST(" + column
                        + " AS BLOB) ELSE " + column + " END";
    }

    /**
     * A row of so many cells: {@code null}, Long, Double, String, {@code byte[]} and {@link IllFormedText}.
     *
     * @param most the greatest sum of {@linkplain RowJson#lengthOf lengths}; SQLite limits each value, not a row of many
     * @throws SQLException SQLITE_TOOBIG, before the next value is read, if there is more
     */
    @Nullable
    Object[] row(ResultSet rows, int cells, long most) throws SQLException {
        @Nullable Object[] row = new @Nullable Object[cells];
        long length = 0;
        for (int i = 0; i < cells; i++) {
            Object value = this == UTF_8 ? plain(rows, i + 1) : typed(rows, 2 * i + 1);
            length += RowJson.lengthOf(value);
            if (length > most) {
                throw new SQLiteException("row too big", SQLiteErrorCode.SQLITE_TOOBIG);
            }
            row[i] = value;
        }
        return row;
    }

    private @Nullable Object plain(ResultSet rows, int index) throws SQLException {
        Object value = rows.getObject(index);
        if (value instanceof Integer small) {
            return small.longValue();
        }
        // Either the text holds that very character or it could not be read; the bytes tell.
        return value instanceof String text && text.indexOf(REPLACEMENT) >= 0 ? text(rows.getBytes(index)) : value;
    }

    private @Nullable Object typed(ResultSet rows, int index) throws SQLException {
        if (rows.getString(index).equals("text")) {
            byte[] bytes = rows.getBytes(index + 1);
            return text(bytes == null ? new byte[0] : bytes); // a BLOB of no bytes may be handed out as null
        }
        Object value = rows.getObject(index + 1);
        return value instanceof Integer small ? Long.valueOf(small.longValue()) : value;
    }

    private Object text(byte[] bytes) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new IllFormedText(bytes);
        }
    }
}
