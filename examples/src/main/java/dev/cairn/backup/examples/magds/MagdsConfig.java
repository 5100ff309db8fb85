package dev.cairn.backup.examples.magds;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@code magds.backup} says.
 *
 * @param enabled the master switch
 * @param path where backups go, absolute
 * @param datasets what is backed up, at least one
 * @param algorithm of the checksums
 * @param maxCount how many backups are kept; 0 or less for all
 */
record MagdsConfig(boolean enabled, Path path, List<Source> datasets, String algorithm, int maxCount) {

    /** Copies the list. */
    MagdsConfig {
        datasets = List.copyOf(datasets);
    }
}
