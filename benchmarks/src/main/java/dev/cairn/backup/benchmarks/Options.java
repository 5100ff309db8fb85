package dev.cairn.backup.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the command line asks for: {@code --name value} pairs out of a known set with defaults. */
final class Options {

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param defaults each option that there is, with its default; {@code work} is always needed
     * @throws IllegalArgumentException with a message for people
     */
    static Options parse(Map<String, String> defaults, String... args) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (int i = 0; i < args.length; i += 2) {
            String name = args[i].replaceFirst("^--", "");
            if (!args[i].startsWith("--")
                    || i + 1 == args.length
                    || !(defaults.containsKey(name) || name.equals("work"))) {
                throw new IllegalArgumentException("cannot understand " + Arrays.toString(args) + " at '" + args[i]
                        + "'; options: --work FOLDER, and with their defaults " + defaults);
            }
            values.put(name, args[i + 1]);
        }
        if (!values.containsKey("work")) {
            throw new IllegalArgumentException("--work FOLDER is needed: an empty folder on the disk to be measured");
        }
        return new Options(values);
    }

    Path work() {
        return Path.of(text("work")).toAbsolutePath().normalize();
    }

    int number(String name) {
        return Integer.parseInt(text(name));
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no option " + name);
        }
        return value;
    }

    /** All but the folder, for the results. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>(values);
        parameters.remove("work");
        return parameters;
    }
}
