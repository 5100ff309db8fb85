package dev.cairn.backup.examples.lostdisk;

import java.nio.file.Path;

/**
 * Where one machine keeps its things.
 *
 * @param disk its own disk: the database and what the engine must remember
 * @param vault another disk or machine: the repository and its key
 */
record BankPlace(Path disk, Path vault) {

    /** The database. */
    Path database() {
        return disk.resolve("bank.db");
    }

    /** What the engine remembers, and what waits for the repository. */
    Path state() {
        return disk.resolve("backup-state");
    }

    /** The repository. */
    Path repository() {
        return vault.resolve("repository");
    }

    /** Its key. In earnest kept apart from the repository, too. */
    Path key() {
        return vault.resolve("backup.key");
    }
}
