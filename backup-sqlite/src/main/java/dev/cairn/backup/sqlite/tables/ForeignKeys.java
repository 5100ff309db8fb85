package dev.cairn.backup.sqlite.tables;

import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * The references between the replaced tables and the rest of the database. SQLite enforces foreign keys only where a connection asks for it, so a sound database
 * may hold broken ones: what was broken before the replacement may stay so, and references among the replaced tables are as they were at the capture. A reference that
 * the replacement itself would break is found.
 */
final class ForeignKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ForeignKeys.class);
    private static final int MOST_EXAMPLES = 10;
    private static final String BEFORE = "temp.\"cairn broken references\"";

    private final SQLiteConnection connection;
    private final List<Reference> crossing;

    private ForeignKeys(SQLiteConnection connection, List<Reference> crossing) {
        this.connection = connection;
        this.crossing = crossing;
    }

    /** Remembers what is broken now; before anything is replaced. */
    static ForeignKeys before(SQLiteConnection connection, List<String> replaced) throws SQLException {
        Set<String> names = replaced.stream().map(TableSql::folded).collect(Collectors.toSet());
        List<Reference> crossing = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                        "SELECT DISTINCT s.name, f.id, f.\"table\" FROM main.sqlite_schema s, pragma_foreign_key_list(s.name, 'main') f"
                                + " WHERE s.type = 'table' AND EXISTS"
                                + " (SELECT 1 FROM main.sqlite_schema p WHERE p.type = 'table' AND p.name = f.\"table\" COLLATE NOCASE)");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                Reference reference = new Reference(row.getString(1), row.getLong(2), row.getString(3));
                if (names.contains(TableSql.folded(reference.child()))
                        != names.contains(TableSql.folded(reference.parent()))) {
                    crossing.add(reference);
                }
            }
        }
        if (!crossing.isEmpty()) {
            Connections.run(connection, "CREATE TABLE " + BEFORE + "(child, key, line, broken)");
        }
        List<Reference> checked = new ArrayList<>();
        for (Reference reference : crossing) {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + BEFORE
                    + " SELECT ?1, ?2, \"rowid\", count(*) FROM pragma_foreign_key_check(?1, 'main')"
                    + " WHERE fkid = ?2 GROUP BY \"rowid\"")) {
                insert.setString(1, reference.child());
                insert.setLong(2, reference.key());
                insert.executeUpdate();
                checked.add(reference);
            } catch (SQLException e) {
                if (SqliteFailure.of(e) != SqliteFailure.OTHER) {
                    throw e;
                }
                // Such as "foreign key mismatch": a reference that SQLite itself can never enforce.
                LOG.warn(
                        "References of {} to {} cannot be checked: {}",
                        reference.child(),
                        reference.parent(),
                        e.getMessage());
            }
        }
        return new ForeignKeys(connection, checked);
    }

    /** The rows whose reference is broken now and was not before, in words, the first ten; empty if there are none. */
    List<String> broken() throws SQLException {
        List<String> rows = new ArrayList<>();
        for (Reference reference : crossing) {
            try (PreparedStatement query = connection.prepareStatement(
                    "SELECT a.line FROM (SELECT \"rowid\" AS line, count(*) AS broken FROM pragma_foreign_key_check(?1, 'main')"
                            + " WHERE fkid = ?2 GROUP BY \"rowid\") a LEFT JOIN " + BEFORE
                            + " b ON b.child = ?1 AND b.key = ?2 AND b.line IS a.line"
                            + " WHERE a.broken > coalesce(b.broken, 0) ORDER BY 1 LIMIT " + MOST_EXAMPLES)) {
                query.setString(1, reference.child());
                query.setLong(2, reference.key());
                try (ResultSet row = query.executeQuery()) {
                    while (row.next() && rows.size() < MOST_EXAMPLES) {
                        String line = row.getString(1);
                        rows.add((line == null ? "rows" : "row " + line) + " of " + reference.child()
                                + " refers to what is not in " + reference.parent());
                    }
                }
            }
        }
        return rows;
    }

    private record Reference(String child, long key, String parent) {}
}
