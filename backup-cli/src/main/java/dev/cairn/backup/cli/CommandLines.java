package dev.cairn.backup.cli;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.cli.output.ErrorAnswer;
import dev.cairn.backup.cli.output.Output;
import dev.cairn.backup.cli.output.Style;
import java.io.PrintWriter;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a tree of {@link Subcommand}s with the common options, errors as answers, and documented exit codes. For {@code cairn} itself, and for programs with a root command of their own.
 */
public final class CommandLines {

    private static final String USAGE_HINT = "Run '%s --help'";

    private CommandLines() {}

    /**
     * Runs one command line.
     *
     * @param root the class of the root command; its subcommands, and theirs, are {@link Subcommand}s or only have subcommands
     * @return the exit code
     */
    public static int run(Class<?> root, Surroundings around, String... arguments) {
        CommonOptions options = new CommonOptions();
        IFactory made = CommandLine.defaultFactory();
        CommandLine line = new CommandLine(root, new IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                K object = made.create(type);
                if (object instanceof Subcommand command) {
                    command.bind(around, options);
                }
                return object;
            }
        });
        line.addMixin("common", CommandSpec.forAnnotatedObject(options));
        inheritVersion(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false); // A label may begin with @.
        line.setOut(new PrintWriter(around.out(), true));
        line.setErr(new PrintWriter(around.err(), true));
        line.setParameterExceptionHandler((failure, given) -> wrong(failure, around, options, List.of(given)));
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, options.output(around)));
        int code = line.execute(arguments);
        around.out().flush();
        if (around.out().checkError()) {
            around.err().println("error: the standard output cannot be written, so the answer is lost");
            return code == ExitCode.DONE.code() ? ExitCode.FAILED.code() : code;
        }
        return code;
    }

    /** What {@code --version} says behind the name of a command. */
    private static void inheritVersion(CommandLine line) {
        line.getSubcommands().values().forEach(command -> {
            command.getCommandSpec().versionProvider(line.getCommandSpec().versionProvider());
            inheritVersion(command);
        });
    }

    /** The options may not have been read when the mistake was met. */
    private static int wrong(
            ParameterException failure, Surroundings around, CommonOptions options, List<String> given) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String meant = failure instanceof UnmatchedArgumentException unmatched
                ? String.join("; ", unmatched.getSuggestions().stream().limit(3).toList())
                : "";
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        ErrorAnswer error = ErrorAnswer.wrongCommandLine(
                message.replaceAll("^Error: |[.\\s]+$", "") + (meant.isEmpty() ? "" : " (did you mean " + meant + "?)"),
                String.format(USAGE_HINT, name));
        if (given.contains("--json")) {
            new Output(around.out(), around.err(), true, false, Style.PLAIN, false).error(error);
        } else {
            options.output(around).error(error);
        }
        return error.exitCode().code();
    }

    private static int failed(Exception failure, Output output) {
        ErrorAnswer error =
                failure instanceof BackupException known ? ErrorAnswer.of(known) : ErrorAnswer.unexpected(failure);
        LoggerFactory.getLogger(CommandLines.class).debug("failed", failure);
        output.error(error);
        return error.exitCode().code();
    }
}
