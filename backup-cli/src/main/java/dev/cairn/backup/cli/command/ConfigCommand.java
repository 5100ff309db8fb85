package dev.cairn.backup.cli.command;

import dev.cairn.backup.Schedule;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.config.Configuration;
import dev.cairn.backup.cli.config.HostDataset;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.spi.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks the configuration file. */
@Command(name = "config", description = "Check the configuration file and say what it means; every mistake at once.")
public final class ConfigCommand extends Subcommand {

    private static final String EXAMPLE = "cairn-backup.json";

    @Option(names = "--example", description = "Print an example to begin with instead.")
    private boolean example;

    /** Made by picocli. */
    ConfigCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        return example ? new Example(example()) : Checked.of(in.configuration());
    }

    private static String example() {
        try (InputStream resource = Objects.requireNonNull(ConfigCommand.class.getResourceAsStream(EXAMPLE), EXAMPLE)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What {@code config --example} answers.
     *
     * @param example a configuration file
     */
    public record Example(String example) implements Answer {

        @Override
        public void print(Page page) {
            page.line(example);
        }

        @Override
        public void printQuietly(Page page) {
            print(page);
        }
    }

    /**
     * What {@code config} answers for a file without mistakes.
     *
     * @param file the file
     * @param type {@code packed} or {@code browsable}
     * @param repository the repository's folder
     * @param state the state store's folder
     * @param datasets the names of all datasets
     * @param schedules the names of all schedules
     */
    public record Checked(
            String file, String type, String repository, String state, List<String> datasets, List<String> schedules)
            implements Answer {

        static Checked of(Configuration configuration) {
            return new Checked(
                    configuration.file().toString(),
                    configuration.repository().type(),
                    configuration.repository().path().toString(),
                    configuration.state().toString(),
                    Stream.concat(
                                    configuration.datasets().stream().map(Dataset::name),
                                    configuration.hostDatasets().stream().map(HostDataset::name))
                            .toList(),
                    configuration.schedules().stream().map(Schedule::name).toList());
        }

        @Override
        public void print(Page page) {
            page.good(file + " has no mistakes");
            page.line(type + " repository: " + repository);
            page.line("state store: " + state);
            page.line(Texts.count(datasets.size(), "dataset") + ": " + String.join(", ", datasets));
            page.line(Texts.count(schedules.size(), "schedule")
                    + (schedules.isEmpty() ? "" : ": " + String.join(", ", schedules)));
        }
    }
}
