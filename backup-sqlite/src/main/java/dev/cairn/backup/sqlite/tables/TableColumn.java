package dev.cairn.backup.sqlite.tables;

import org.jspecify.annotations.Nullable;

/**
 * A column that holds values of its own; generated columns are none.
 *
 * @param name its name
 * @param type the declared type, empty if it has none
 * @param notNull whether NULL is refused
 * @param defaultSql the default as an expression, or null if it has none
 * @param keyPosition its place in the primary key, from 1; 0 if it is not in it
 */
record TableColumn(
        String name, String type, boolean notNull, @Nullable String defaultSql, int keyPosition) {

    Affinity affinity() {
        return Affinity.of(type);
    }
}
