package dev.cairn.backup.core.claim;

import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Numbers that grow and are never given twice, by any process, also after a crash: each is claimed by putting a blob of that name.
 *
 * <p>Lower claims may be removed once a higher one stands, because whoever claims a number looks again afterwards and drops it when a higher
 * one is there: a writer that slept while others went on can never bring a removed number back into use.
 */
public final class SequenceClaims {

    private static final int KEPT = 8;

    private final BlobStore store;
    private final String folder;
    private final LongSupplier floor;

    /**
     * @param folder where the claims are
     * @param floor the highest number that the snapshots themselves tell of; asked when there is no claim at all, as in a repository that was copied by
     *     hand without its hidden folder
     */
    public SequenceClaims(BlobStore store, String folder, LongSupplier floor) {
        this.store = store;
        this.folder = folder;
        this.floor = floor;
    }

    /** Claims the next number. */
    public long next(String token) {
        while (true) {
            long known = highest();
            long claimed = 1 + (known > 0 ? known : floor.getAsLong());
            PutOutcome outcome = store.putIfAbsent(blob(claimed), BlobContent.of(token));
            if (outcome == PutOutcome.UNKNOWN) {
                throw new StoreException(
                        StoreException.Reason.OUTCOME_UNKNOWN,
                        "The sequence number " + claimed + " in " + store.describe() + " may or may not be claimed",
                        "Take the snapshot again, which then has the next one",
                        null);
            }
            if (outcome == PutOutcome.CREATED && highest() == claimed) {
                removeBelow(claimed - KEPT);
                return claimed;
            }
        }
    }

    /** The highest claimed number; 0 if none is. */
    public long highest() {
        return store.children(folder).stream()
                .mapToLong(SequenceClaims::number)
                .max()
                .orElse(0);
    }

    private void removeBelow(long bound) {
        List<BlobName> low = store.children(folder).stream()
                .mapToLong(SequenceClaims::number)
                .filter(number -> number < bound && number > 0)
                .mapToObj(this::blob)
                .toList();
        if (low.size() >= KEPT) {
            store.deleteAll(low);
        }
    }

    private BlobName blob(long number) {
        return BlobName.of(folder + "/%019d".formatted(number));
    }

    private static long number(String component) {
        return component.matches("0[0-9]{18}") ? Long.parseLong(component) : 0;
    }
}
