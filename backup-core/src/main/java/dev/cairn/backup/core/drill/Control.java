package dev.cairn.backup.core.drill;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import java.util.Optional;

/**
 * Restores a damaged dataset and asks what is asked of a sound one. A check that never says no proves nothing by saying yes.
 *
 * @param copy where to
 * @param dataset the host's
 * @param damaged what it is restored from
 */
record Control(IsolatedCopy copy, Dataset dataset, DamagedReader damaged) {

    /** Empty if the damage is found, while restoring or comparing; else what that means. */
    Optional<String> run(DatasetReader sound, CancellationToken token) {
        try {
            return copy.restore(dataset, damaged, token).isPresent()
                            || copy.differences(dataset.name(), sound).isPresent()
                    ? Optional.empty()
                    : Optional.of("a copy whose " + damaged.where() + " was changed passed as sound");
        } catch (StoreException | LimitExceededException | BackupCancelledException e) {
            throw e; // A full disk finds no damage.
        } catch (BackupException e) {
            return Optional.empty();
        }
    }
}
