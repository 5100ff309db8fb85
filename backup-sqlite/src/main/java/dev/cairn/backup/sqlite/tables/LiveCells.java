package dev.cairn.backup.sqlite.tables;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Where the values of a captured row are in the live table, which fits the captured one. */
final class LiveCells {

    private final TableSchema live;
    private final TextEncoding encoding;
    /** For each captured cell its place in a live row. */
    private final int[] places;
    /** The cells of the key in a captured row, and in a live one. */
    private final int[] capturedKey;

    private final int[] liveKey;
    private final int liveCells;

    LiveCells(TableSchema captured, TableSchema live, TextEncoding encoding) {
        this.live = live;
        this.encoding = encoding;
        List<String> here = folded(live.cells());
        this.liveCells = here.size();
        // By position: the hidden rowid may have another name here and there.
        int offset = captured.rowid().isPresent() ? 1 : 0;
        this.places = new int[captured.cells().size()];
        for (int i = offset; i < places.length; i++) {
            places[i] = here.indexOf(
                    TableSql.folded(captured.columns().get(i - offset).name()));
        }
        this.capturedKey = positions(captured.key(), folded(captured.cells()));
        this.liveKey = positions(live.key(), here);
    }

    String table() {
        return live.name();
    }

    /** Whether the rows of both come in the order of one 64-bit number. */
    boolean areOrderedByRowid() {
        return !live.withoutRowid();
    }

    /** All live rows in the order of their key. */
    String all() {
        return TableSql.select(live, encoding);
    }

    /** The live row of a key. */
    String find(List<String> placeholders) {
        return TableSql.find(live, encoding, placeholders);
    }

    @Nullable
    Object[] key(@Nullable Object[] captured) {
        return Arrays.stream(capturedKey).mapToObj(at -> captured[at]).toArray();
    }

    /** The rowid of a captured row of such a table; empty if it has none, which no row that Cairn wrote does. */
    OptionalLong rowid(@Nullable Object[] captured) {
        return captured[capturedKey[0]] instanceof Long rowid ? OptionalLong.of(rowid) : OptionalLong.empty();
    }

    /** The rowid of a live row of such a table. */
    long liveRowid(@Nullable Object[] now) {
        return now[liveKey[0]] instanceof Long rowid ? rowid : 0;
    }

    /** The live row that a query of this class is at; it may be greater than any that is captured. */
    @Nullable
    Object[] values(ResultSet found) throws SQLException {
        return encoding.row(found, liveCells, Long.MAX_VALUE);
    }

    /** Whether a restore of the row would leave the live one, with these values, as it is. */
    boolean isSame(@Nullable Object[] captured, @Nullable Object[] now) {
        if (places.length < liveCells) {
            return false; // a column that was added since gets its default, which need not be what the row has now
        }
        for (int i = 0; i < captured.length; i++) {
            Object before = captured[i];
            Object after = now[places[i]];
            boolean same = before instanceof byte[] blob && after instanceof byte[] other
                    ? Arrays.equals(blob, other)
                    : Objects.equals(before, after);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static int[] positions(List<String> key, List<String> foldedCells) {
        return key.stream()
                .mapToInt(name -> foldedCells.indexOf(TableSql.folded(name)))
                .toArray();
    }

    private static List<String> folded(List<String> names) {
        return names.stream().map(TableSql::folded).toList();
    }
}
