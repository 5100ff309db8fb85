package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.config.Configuration;
import dev.cairn.backup.spi.Dataset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which datasets of a restore are live objects of the host, so that their values wait for its next start. */
final class Pending {

    private Pending() {}

    static List<String> of(Configuration configuration, List<String> restored) {
        Set<String> onDisk =
                configuration.datasets().stream().map(Dataset::name).collect(Collectors.toSet());
        return restored.stream().filter(name -> !onDisk.contains(name)).toList();
    }
}
