package dev.cairn.backup.sqlite.tables;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * A statement that takes a row's values. The driver binds text from Java strings only, so text that is no Unicode goes in as bytes under a CAST, which takes
 * them as they are (https://www.sqlite.org/lang_expr.html#castexpr); that needs another statement for each set of columns that has some.
 */
final class RowStatements implements AutoCloseable {

    /** As many sets of columns may have such text as there are subsets of a row, and each takes a statement. */
    static final int MOST_STATEMENTS = 64;

    private static final String PLAIN = "?";
    private static final String TEXT = "CAST(? AS TEXT)";

    private final SQLiteConnection connection;
    private final Function<List<String>, String> sql;
    private final Map<List<String>, PreparedStatement> odd = new HashMap<>();
    private @Nullable PreparedStatement usual;

    /** @param sql the statement for the placeholders of the values */
    RowStatements(SQLiteConnection connection, Function<List<String>, String> sql) {
        this.connection = connection;
        this.sql = sql;
    }

    /** Whether these values need a statement of their own kind. */
    static boolean isOdd(@Nullable Object[] values) {
        for (Object value : values) {
            if (value instanceof IllFormedText) {
                return true;
            }
        }
        return false;
    }

    /** The statement with the values bound. It belongs to this object; a later call may close it, unless the values of both are not odd. */
    PreparedStatement bound(@Nullable Object[] values) throws SQLException {
        PreparedStatement statement = isOdd(values) ? oddFor(places(values)) : usualFor(values);
        for (int i = 0; i < values.length; i++) {
            bind(statement, i + 1, values[i]);
        }
        return statement;
    }

    private PreparedStatement usualFor(@Nullable Object[] values) throws SQLException {
        PreparedStatement statement = usual;
        if (statement == null) {
            statement = connection.prepareStatement(sql.apply(places(values)));
            usual = statement;
        }
        return statement;
    }

    private PreparedStatement oddFor(List<String> places) throws SQLException {
        PreparedStatement statement = odd.get(places);
        if (statement == null) {
            if (odd.size() == MOST_STATEMENTS) {
                closeOdd();
            }
            statement = connection.prepareStatement(sql.apply(places));
            odd.put(places, statement);
        }
        return statement;
    }

    private static List<String> places(@Nullable Object[] values) {
        List<String> places = new ArrayList<>(values.length);
        for (Object value : values) {
            places.add(value instanceof IllFormedText ? TEXT : PLAIN);
        }
        return places;
    }

    private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value instanceof Long integer) {
            statement.setLong(index, integer);
        } else if (value instanceof Double real) {
            statement.setDouble(index, real);
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else if (value instanceof byte[] blob) {
            statement.setBytes(index, blob);
        } else if (value instanceof IllFormedText text) {
            statement.setBytes(index, text.bytes());
        } else {
            statement.setObject(index, null);
        }
    }

    /** How many statements are compiled now. */
    int compiled() {
        return odd.size() + (usual == null ? 0 : 1);
    }

    private void closeOdd() throws SQLException {
        for (PreparedStatement statement : odd.values()) {
            statement.close();
        }
        odd.clear();
    }

    @Override
    public void close() throws SQLException {
        closeOdd();
        if (usual != null) {
            usual.close();
        }
    }
}
