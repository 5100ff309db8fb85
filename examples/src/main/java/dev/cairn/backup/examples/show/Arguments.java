package dev.cairn.backup.examples.show;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the command line asks for.
 *
 * @param folder where to work; empty for a new temporary folder
 * @param keep whether the folder stays afterwards
 */
record Arguments(Optional<Path> folder, boolean keep) {

    static String usage(String name) {
        return "usage: " + name + " [folder] [--keep]   the folder must be empty or not exist";
    }

    /** @throws IllegalArgumentException with a message for people */
    static Arguments parse(String... args) {
        Optional<Path> folder = Optional.empty();
        boolean keep = false;
        for (String arg : args) {
            if (arg.isEmpty()) {
                continue; // A build tool's way to pass nothing.
            } else if (arg.equals("--keep")) {
                keep = true;
            } else if (arg.startsWith("-")) {
                throw new IllegalArgumentException("unknown option " + arg);
            } else if (folder.isPresent()) {
                throw new IllegalArgumentException("more than one folder: " + folder.get() + " and " + arg);
            } else {
                folder = Optional.of(Path.of(arg));
            }
        }
        return new Arguments(folder, keep);
    }
}
