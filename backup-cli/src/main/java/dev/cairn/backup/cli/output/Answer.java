package dev.cairn.backup.cli.output;

import dev.cairn.backup.cli.ExitCode;

/**
 * What a command answers. Implementations are records, whose components are the fields of the JSON document: texts, numbers, truth values, lists and records of these. Times are texts as in ISO 8601, lengths of time whole
 * milliseconds with names that end in {@code Millis}, and what is not there is {@code null}. Fields are added in later releases and never renamed.
 */
public interface Answer {

    /** Writes it for people. */
    void print(Page page);

    /** Writes what {@code --quiet} leaves of it; nothing by default. */
    default void printQuietly(Page page) {}

    /** How the command ends; {@link ExitCode#DONE} by default. */
    default ExitCode exitCode() {
        return ExitCode.DONE;
    }
}
