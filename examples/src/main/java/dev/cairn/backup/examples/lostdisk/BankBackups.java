package dev.cairn.backup.examples.lostdisk;

import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.KeyFile;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.time.Duration;

/** How the bank embeds Cairn: all of it. */
final class BankBackups {

    /** The dataset's name. */
    static final String BANK = "bank";

    private final BankPlace place;

    BankBackups(BankPlace place) {
        this.place = place;
    }

    private SqliteDataset bank() {
        return SqliteDataset.of(BANK, place.database())
                .continuous(ContinuousProtection.defaults().pollEvery(Duration.ofMillis(250)));
    }

    /** The repository, on the other disk. */
    PackedRepository repository() {
        return PackedRepository.at(FileBlobStore.at(place.repository()), KeyFile.at(place.key()));
    }

    /** What the bank opens at its start. */
    CairnBuilder configured(Bank bank) {
        return Cairn.builder()
                .repository(repository())
                .state(FileBlobStore.at(place.state()))
                .dataset(bank())
                .restoreHooks(bank::close, bank::open)
                .maxAge(Duration.ofHours(1));
    }

    /** A demonstration has nothing to lose; in earnest make a recovery code, print it, lock it away and confirm it. */
    void settleRecovery() {
        try (PackedRepository repository = repository()) {
            repository.keys().declineRecovery("example", "a demonstration in a temporary folder");
        }
    }
}
