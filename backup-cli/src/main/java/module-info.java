/**
 * The command line. Exported is what a program with commands of its own reuses: {@code CommandLines}, {@code Subcommand} and {@code Invocation}, the configuration file, answers, sessions.
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic")
module dev.cairn.backup.cli {
    requires static org.jspecify;
    requires transitive dev.cairn.backup;
    requires transitive dev.cairn.backup.core;
    requires dev.cairn.backup.fs;
    requires dev.cairn.backup.sqlite;
    requires com.fasterxml.jackson.databind;
    requires transitive info.picocli;
    requires org.slf4j;

    exports dev.cairn.backup.cli;
    exports dev.cairn.backup.cli.command;
    exports dev.cairn.backup.cli.config;
    exports dev.cairn.backup.cli.output;
    exports dev.cairn.backup.cli.session;

    opens dev.cairn.backup.cli to
            info.picocli;
    opens dev.cairn.backup.cli.command to
            info.picocli,
            com.fasterxml.jackson.databind;
    opens dev.cairn.backup.cli.output to
            com.fasterxml.jackson.databind;
}
