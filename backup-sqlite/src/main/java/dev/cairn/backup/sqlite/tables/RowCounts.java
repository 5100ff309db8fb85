package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.sqlite.live.Connections;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * What a restore would do to the rows of one table. Holds a row of each side.
 *
 * @param created rows that are only in the snapshot
 * @param replaced rows of one key with other values
 * @param removed rows that are only live
 * @param kept rows that are the same
 */
record RowCounts(long created, long replaced, long removed, long kept) {

    static RowCounts of(TableLines lines, LiveCells cells, SQLiteConnection connection)
            throws SQLException, IOException {
        return cells.areOrderedByRowid() ? merged(lines, cells, connection) : lookedUp(lines, cells, connection);
    }

    /** Both sides side by side in the order of their rowids, which is the same everywhere; a look-up for each costs a statement run. */
    private static RowCounts merged(TableLines lines, LiveCells cells, SQLiteConnection connection)
            throws SQLException, IOException {
        long created = 0;
        long replaced = 0;
        long removed = 0;
        long kept = 0;
        try (PreparedStatement query = connection.prepareStatement(cells.all());
                ResultSet rows = query.executeQuery()) {
            @Nullable Object @Nullable [] captured = lines.next();
            @Nullable Object @Nullable [] now = next(rows, cells);
            while (captured != null || now != null) {
                int order = captured == null
                        ? 1
                        : now == null ? -1 : Long.compare(rowid(lines, cells, captured), cells.liveRowid(now));
                if (order < 0) {
                    created++;
                } else if (order > 0) {
                    removed++;
                } else if (captured != null && now != null && cells.isSame(captured, now)) {
                    kept++;
                } else {
                    replaced++;
                }
                captured = order <= 0 ? lines.next() : captured;
                now = order >= 0 ? next(rows, cells) : now;
            }
        }
        return new RowCounts(created, replaced, removed, kept);
    }

    /** By key, because an order of other values depends on collations that may have changed. */
    private static RowCounts lookedUp(TableLines lines, LiveCells cells, SQLiteConnection connection)
            throws SQLException, IOException {
        long created = 0;
        long replaced = 0;
        long kept = 0;
        try (RowStatements find = new RowStatements(connection, cells::find)) {
            for (@Nullable Object[] row = lines.next(); row != null; row = lines.next()) {
                try (ResultSet found = find.bound(cells.key(row)).executeQuery()) {
                    if (!found.next()) {
                        created++;
                    } else if (cells.isSame(row, cells.values(found))) {
                        kept++;
                    } else {
                        replaced++;
                    }
                }
            }
        }
        long live = Connections.number(connection, "SELECT count(*) FROM main." + TableSql.quoted(cells.table()));
        // Two captured rows may meet one live row where a key's collation has changed; the restore would be refused.
        return new RowCounts(created, replaced, Math.max(0, live - replaced - kept), kept);
    }

    private static long rowid(TableLines lines, LiveCells cells, @Nullable Object[] captured) {
        return cells.rowid(captured).orElseThrow(() -> lines.damaged("has no rowid in row " + lines.rows(), null));
    }

    private static @Nullable Object @Nullable [] next(ResultSet rows, LiveCells cells) throws SQLException {
        return rows.next() ? cells.values(rows) : null;
    }
}
