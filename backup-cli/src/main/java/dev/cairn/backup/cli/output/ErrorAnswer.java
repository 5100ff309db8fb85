package dev.cairn.backup.cli.output;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.cli.ExitCode;
import dev.cairn.backup.cli.config.InvalidConfigurationException;
import dev.cairn.backup.cli.config.Mistake;
import java.util.List;
import java.util.Locale;

/**
 * What is answered instead when a command fails: {@code {"error": …, "message": …, "nextStep": …, "mistakes": […]}}.
 *
 * @param error what went wrong, for programs: such as {@code snapshot_not_found}, {@code store_full}, {@code dataset_in_use}, {@code wrong_command_line} or {@code internal_error}
 * @param message what happened and what to do next, for people
 * @param nextStep what to do next; the end of the message
 * @param mistakes those of the configuration file; empty for every other error
 * @param code how the command ends; not part of the document
 */
public record ErrorAnswer(
        String error,
        String message,
        String nextStep,
        List<MistakeAnswer> mistakes,
        @com.fasterxml.jackson.annotation.JsonIgnore ExitCode code)
        implements Answer {

    /**
     * A mistake in the configuration file.
     *
     * @param pointer its JSON pointer
     * @param line counted from 1
     * @param column counted from 1
     * @param problem what is wrong
     * @param allowed what is allowed
     */
    public record MistakeAnswer(String pointer, int line, int column, String problem, String allowed) {

        static MistakeAnswer of(Mistake mistake) {
            return new MistakeAnswer(
                    mistake.place().pointer(),
                    mistake.place().line(),
                    mistake.place().column(),
                    mistake.problem(),
                    mistake.allowed());
        }
    }

    /** Copies the list. */
    public ErrorAnswer {
        mistakes = List.copyOf(mistakes);
    }

    /** A failure that the SDK or the configuration has told. */
    public static ErrorAnswer of(BackupException failure) {
        List<MistakeAnswer> mistakes = failure instanceof InvalidConfigurationException invalid
                ? invalid.mistakes().stream().map(MistakeAnswer::of).toList()
                : List.of();
        String nextStep = OperatorStep.after(failure);
        return new ErrorAnswer(
                name(failure), OperatorStep.problem(failure) + nextStep, nextStep, mistakes, ExitCode.of(failure));
    }

    /** A command line that cannot be understood. */
    public static ErrorAnswer wrongCommandLine(String problem, String nextStep) {
        return new ErrorAnswer("wrong_command_line", problem + ". " + nextStep, nextStep, List.of(), ExitCode.USAGE);
    }

    /** A failure that nobody thought of. */
    public static ErrorAnswer unexpected(Throwable failure) {
        String nextStep = "Set CAIRN_LOG=debug for the stack trace, and report it";
        return new ErrorAnswer(
                "internal_error", "Unexpected " + failure + ". " + nextStep, nextStep, List.of(), ExitCode.FAILED);
    }

    /** {@code SnapshotNotFoundException} as {@code snapshot_not_found}; stores and keys with their reason. */
    static String name(BackupException failure) {
        if (failure instanceof StoreException store) {
            return "store_" + store.reason().name().toLowerCase(Locale.ROOT);
        }
        if (failure instanceof KeyException key) {
            return "key_" + key.reason().name().toLowerCase(Locale.ROOT);
        }
        return failure.getClass()
                .getSimpleName()
                .replaceAll("Exception$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }

    @Override
    public void print(Page page) {
        page.bad("error: " + message);
    }

    @Override
    public void printQuietly(Page page) {
        print(page);
    }

    @Override
    public ExitCode exitCode() {
        return code;
    }
}
