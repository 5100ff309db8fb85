/** SQLite databases as datasets: a snapshot of a live database, or of some of its tables, at one instant, and its atomic restore. */
@org.jspecify.annotations.NullMarked
module dev.cairn.backup.sqlite {
    requires static org.jspecify;
    requires transitive dev.cairn.backup;
    requires dev.cairn.backup.fs;
    requires com.fasterxml.jackson.databind;
    requires java.sql;
    requires org.slf4j;
    requires org.xerial.sqlitejdbc;

    exports dev.cairn.backup.sqlite;

    opens dev.cairn.backup.sqlite.restore to
            com.fasterxml.jackson.databind;
    opens dev.cairn.backup.sqlite.tables to
            com.fasterxml.jackson.databind;
}
