package dev.cairn.backup.examples.sonia;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A command line: a folder, then {@code --name value} pairs.
 *
 * @param folder the folder
 * @param values the values by name
 */
public record Options(Path folder, Map<String, String> values) {

    private static final int WRONG = 2;

    /** Copies the values. */
    public Options {
        values = Map.copyOf(values);
    }

    /**
     * Reads a command line.
     *
     * @param known the names that are allowed
     * @throws IllegalArgumentException with a message for people
     */
    public static Options parse(Set<String> known, String... args) {
        if (args.length == 0 || args[0].startsWith("-")) {
            throw new IllegalArgumentException("the first argument must be the installation's folder");
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 1; i < args.length; i += 2) {
            String name = args[i].startsWith("--") ? args[i].substring(2) : args[i];
            if (!args[i].startsWith("--") || !known.contains(name)) {
                throw new IllegalArgumentException("unknown option " + args[i] + "; there are --"
                        + String.join(", --", known.stream().sorted().toList()));
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            if (values.put(name, args[i + 1]) != null) {
                throw new IllegalArgumentException(args[i] + " is given twice");
            }
        }
        return new Options(Path.of(args[0]).toAbsolutePath().normalize(), values);
    }

    /** The same for a {@code main}: a command line that cannot be ends the process with exit code 2. */
    public static Options orExit(String command, Set<String> known, String... args) {
        try {
            Options options = parse(known, args);
            options.port();
            options.clock();
            options.zone();
            options.at();
            return options;
        } catch (IllegalArgumentException e) {
            System.err.println(command + ": " + e.getMessage());
            System.exit(WRONG);
            throw e;
        }
    }

    /** {@return the value of an option, if it is given} */
    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Where to listen; 0, any free port, unless {@code --port} says. */
    public int port() {
        String port = value("port").orElse("0");
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw new IllegalArgumentException("--port " + port + ": it must be 0 to 65535");
        }
        return Integer.parseInt(port);
    }

    /** The zone of the calendar: the machine's, unless {@code --zone} says. */
    public ZoneId zone() {
        try {
            return value("zone").map(ZoneId::of).orElseGet(ZoneId::systemDefault);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "--zone " + value("zone").orElse("") + ": it must be a zone such as Europe/Berlin", e);
        }
    }

    /** A point in time, if {@code --at} says one. */
    public Optional<Instant> at() {
        try {
            return value("at").map(Instant::parse);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "--at " + value("at").orElse("") + ": it must be a time such as 2026-02-15T14:23:45Z", e);
        }
    }

    /** The wall clock, ahead of the machine's by {@code --ahead}: to rehearse what the calendar brings. */
    public InstantSource clock() {
        String ahead = value("ahead").orElse("PT0S");
        try {
            return InstantSource.offset(InstantSource.system(), Duration.parse(ahead));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("--ahead " + ahead + ": it must be a duration such as PT25H", e);
        }
    }
}
