package dev.cairn.backup.cli;

import dev.cairn.backup.cli.output.Output;
import dev.cairn.backup.cli.output.Style;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has, before or behind its name. */
public final class CommonOptions {

    private static final String DEFAULT_FILE = "cairn-backup.json";

    /** When text is coloured. */
    enum Colour {
        NEVER,
        AUTO,
        ALWAYS
    }

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The configuration file. Default: $CAIRN_CONFIG, else ./" + DEFAULT_FILE + ".")
    private @Nullable String config;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Answer with exactly one JSON document on the standard output, also on errors.")
    private boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Say nothing but errors and what a script needs, such as ids.")
    private boolean quiet;

    @Option(
            names = "--color",
            paramLabel = "never|auto|always",
            scope = ScopeType.INHERIT,
            description = "Colours: on a terminal only (auto, the default; NO_COLOR and TERM=dumb switch them off).")
    private @Nullable Colour colour;

    @Option(
            names = "--as",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Who does this, for the audit log. Default: the user's name.")
    private @Nullable String actor;

    /** Made by {@link CommandLines}. */
    CommonOptions() {}

    Path configuration(Surroundings around) {
        String named = config != null ? config : around.environment().getOrDefault("CAIRN_CONFIG", "");
        return around.folder().resolve(named.isBlank() ? DEFAULT_FILE : named);
    }

    Optional<String> actor() {
        return Optional.ofNullable(actor);
    }

    Output output(Surroundings around) {
        return new Output(around.out(), around.err(), json, quiet, style(around), around.terminal() && !dumb(around));
    }

    private Style style(Surroundings around) {
        boolean coloured = switch (colour == null ? Colour.AUTO : colour) {
            case NEVER -> false;
            case ALWAYS -> true;
            case AUTO ->
                around.terminal()
                        && !dumb(around)
                        && around.environment().getOrDefault("NO_COLOR", "").isEmpty();
        };
        return coloured ? Style.COLOURED : Style.PLAIN;
    }

    private static boolean dumb(Surroundings around) {
        return around.environment()
                .getOrDefault("TERM", "")
                .toLowerCase(Locale.ROOT)
                .equals("dumb");
    }
}
