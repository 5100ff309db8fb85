package dev.cairn.backup.examples.magds;

import java.nio.file.Path;

/**
 * Where MagDS keeps its things.
 *
 * @param root the application's folder; paths of the configuration are relative to it
 */
public record MagdsPlace(Path root) {

    /** Makes the folder absolute. */
    public MagdsPlace {
        root = root.toAbsolutePath().normalize();
    }

    Path config() {
        return root.resolve("config").resolve("magds.json");
    }

    /** What the engine has to remember. */
    Path state() {
        return root.resolve("storage").resolve("backup-state");
    }

    Path audit() {
        return root.resolve("storage").resolve("audit");
    }

    /** Counters and gauges, which outlive each run of the command. */
    Path telemetry() {
        return root.resolve("storage").resolve("telemetry.json");
    }

    /** What goes to the ticket. */
    Path evidence() {
        return root.resolve("storage").resolve("evidence");
    }
}
