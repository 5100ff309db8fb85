package dev.cairn.backup.sqlite.tables;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A table as its database describes it.
 *
 * @param name its name as the schema spells it
 * @param sql its CREATE statement
 * @param strict whether it is STRICT
 * @param withoutRowid whether it is WITHOUT ROWID
 * @param rowid the name by which a rowid is reached that no column stands for; empty if there is none or a column is it
 * @param columns the columns in their order, without generated ones
 */
record TableSchema(
        String name,
        String sql,
        boolean strict,
        boolean withoutRowid,
        Optional<String> rowid,
        List<TableColumn> columns) {

    TableSchema {
        columns = List.copyOf(columns);
    }

    /** What a row consists of: the rowid, if no column stands for it, then the columns. */
    List<String> cells() {
        List<String> cells = new ArrayList<>(columns.size() + 1);
        rowid.ifPresent(cells::add);
        columns.forEach(column -> cells.add(column.name()));
        return cells;
    }

    /** What tells a row from all others and orders them: the rowid or its column, else the primary key. */
    List<String> key() {
        return rowid.map(List::of).orElseGet(this::primaryKey);
    }

    /** The columns of the primary key in its order; empty if there is none. */
    List<String> primaryKey() {
        return columns.stream()
                .filter(column -> column.keyPosition() > 0)
                .sorted(Comparator.comparingInt(TableColumn::keyPosition))
                .map(TableColumn::name)
                .toList();
    }

    Optional<TableColumn> column(String wanted) {
        return columns.stream()
                .filter(column -> TableSql.sameName(column.name(), wanted))
                .findFirst();
    }
}
