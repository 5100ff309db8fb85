/** Measurements of what Cairn costs its host. Nothing here is meant to be depended on. */
@org.jspecify.annotations.NullMarked
module dev.cairn.backup.benchmarks {
    requires static org.jspecify;
    requires dev.cairn.backup.core;
    requires dev.cairn.backup.fs;
    requires dev.cairn.backup.sqlite;
    requires com.fasterxml.jackson.databind;
    requires java.management;
    requires jdk.management;
    requires java.sql;

    opens dev.cairn.backup.benchmarks to
            com.fasterxml.jackson.databind;
}
