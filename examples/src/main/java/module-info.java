/** Hosts that run: how an application embeds Cairn. Nothing here is meant to be depended on. */
@org.jspecify.annotations.NullMarked
module dev.cairn.backup.examples {
    requires static org.jspecify;
    requires dev.cairn.backup.cli;
    requires dev.cairn.backup.core;
    requires dev.cairn.backup.fs;
    requires dev.cairn.backup.sqlite;
    requires com.fasterxml.jackson.databind;
    requires java.net.http;
    requires java.sql;
    requires jdk.httpserver;

    opens dev.cairn.backup.examples.factory.backups to
            com.fasterxml.jackson.databind;
    opens dev.cairn.backup.examples.factory.federation to
            com.fasterxml.jackson.databind;
    opens dev.cairn.backup.examples.factory.govern to
            com.fasterxml.jackson.databind;
    opens dev.cairn.backup.examples.magds to
            com.fasterxml.jackson.databind,
            info.picocli;
    opens dev.cairn.backup.examples.quickstart to
            com.fasterxml.jackson.databind;
    opens dev.cairn.backup.examples.sonia.gateway to
            com.fasterxml.jackson.databind;
    opens dev.cairn.backup.examples.sonia.memory to
            com.fasterxml.jackson.databind;
    opens dev.cairn.backup.examples.tasks to
            com.fasterxml.jackson.databind;
}
