package dev.cairn.backup.sqlite.tables;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A table of a random make, and random changes of its rows. */
record RandomTable(String name, String sql, List<String> columns) {

    private static final List<String> TYPES =
            List.of("", "INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB", "VARCHAR(9)", "DOUBLE", "ANY");
    private static final List<String> NAMES =
            List.of("plain", "od\"d na/me", "rowid", "select", "Größe", "a b", "x'y", "oid");

    static RandomTable of(Random random, int number) {
        List<String> columns = new ArrayList<>(NAMES.subList(0, 2 + random.nextInt(NAMES.size() - 2)));
        String list = columns.stream()
                .map(column -> TableSql.quoted(column) + " " + TYPES.get(random.nextInt(TYPES.size())))
                .collect(Collectors.joining(", "));
        String name = List.of("first", "Sec ond", "th/ird%").get(number);
        String made = switch (random.nextInt(5)) {
            case 0 -> "(" + list + ")";
            case 1 -> "(id INTEGER PRIMARY KEY AUTOINCREMENT, " + list + ")";
            case 2 -> "(id TEXT COLLATE NOCASE, n INTEGER, " + list + ", PRIMARY KEY(n DESC, id)) WITHOUT ROWID";
            case 3 -> "(id TEXT PRIMARY KEY, " + list + ", made AS (typeof(id)) STORED)";
            default -> "(id, n INTEGER PRIMARY KEY DESC, " + list + ", UNIQUE(n, id) ON CONFLICT REPLACE)";
        };
        List<String> all = new ArrayList<>(columns);
        if (made.contains("(id")) {
            all.add("id");
        }
        if (made.contains(" n INTEGER")) {
            all.add("n");
        }
        return new RandomTable(name, "CREATE TABLE " + TableSql.quoted(name) + made, all);
    }

    void change(Connection connection, Random random, int rows) throws SQLException {
        String quoted = TableSql.quoted(name);
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM " + quoted + " WHERE abs(random()) % 10 < " + random.nextInt(10))) {
            delete.executeUpdate();
        }
        for (int i = 0; i < rows; i++) {
            StringBuilder places = new StringBuilder();
            List<Object> values = new ArrayList<>();
            for (String column : columns) {
                boolean bytesAsText = random.nextInt(12) == 0;
                places.append(places.length() == 0 ? "" : ", ").append(bytesAsText ? "CAST(? AS TEXT)" : "?");
                values.add(bytesAsText ? bytes(random) : value(random, column));
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT OR IGNORE INTO " + quoted + "(" + TableSql.list(columns) + ") VALUES(" + places + ")")) {
                for (int v = 0; v < values.size(); v++) {
                    insert.setObject(v + 1, values.get(v));
                }
                insert.executeUpdate();
            } catch (SQLException datatypeMismatch) {
                // A primary key that is the rowid takes integers only; the row is left out.
                if (!String.valueOf(datatypeMismatch.getMessage()).contains("datatype mismatch")) {
                    throw datatypeMismatch;
                }
            }
        }
    }

    private static Object value(Random random, String column) {
        if (column.equals("n")) {
            return (long) random.nextInt(40);
        }
        return switch (random.nextInt(11)) {
            case 0 -> column.equals("id") ? "0" : null;
            case 1 -> random.nextLong();
            case 2 -> (long) random.nextInt(5);
            case 3 -> Double.longBitsToDouble(random.nextLong());
            case 4 ->
                List.of(-0.0, 1.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300, 0.1)
                        .get(random.nextInt(6));
            case 5 -> bytes(random);
            case 6 -> new byte[0];
            case 7 -> "12 ";
            case 8 -> "nul\0nul \uFFFD \uD83D\uDE00 \uFEFF\n\"\\";
            case 9 -> "" + random.nextInt(30);
            default -> random.nextBoolean() ? "Word" : "word";
        };
    }

    private static byte[] bytes(Random random) {
        byte[] bytes =
                random.nextBoolean() ? new byte[random.nextInt(9)] : "\uD83D\uDE00".getBytes(StandardCharsets.UTF_16LE);
        if (bytes.length != 4) {
            random.nextBytes(bytes);
        }
        return bytes;
    }
}
