package dev.cairn.backup.core.verify;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.SnapshotManifest;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** What every manifest says that one of our writers has written, beyond being well formed. Whatever says something else was made by somebody who wants harm, or is damaged. */
public final class ManifestRules {

    /** Far above any number that is ever reached, and far enough below what a name of a session may hold (18 digits) that numbers go on after it. */
    private static final long MOST_SEQUENCE = 1_000_000_000_000_000L;

    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private ManifestRules() {}

    /**
     * The manifest, if it keeps the rules.
     *
     * @throws InvalidValueException if it does not, naming the field
     */
    public static SnapshotManifest checked(SnapshotManifest manifest) {
        SnapshotMetadata metadata = manifest.metadata();
        within("sequence", metadata.sequence(), MOST_SEQUENCE);
        within("totalBytes", metadata.sizeBytes(), Long.MAX_VALUE);
        if (manifest.barrierHeld().isNegative()) {
            throw new InvalidValueException(
                    "barrierHeldNanos", manifest.barrierHeld().toNanos(), "0 and above");
        }
        if (metadata.createdAt().isBefore(FIRST) || metadata.createdAt().isAfter(LAST)) {
            throw new InvalidValueException("createdAt", metadata.createdAt(), "a time from 1970 to 9999");
        }
        Set<String> names = new HashSet<>();
        long left = Long.MAX_VALUE;
        for (DatasetSummary dataset : metadata.datasets()) {
            if (!names.add(dataset.name())) {
                throw new InvalidValueException("dataset", dataset.name(), "each name once");
            }
            within("entries of dataset '" + dataset.name() + "'", dataset.entries(), Long.MAX_VALUE);
            within("bytes of dataset '" + dataset.name() + "'", dataset.bytes(), left);
            left -= dataset.bytes();
        }
        return manifest;
    }

    private static void within(String field, long value, long most) {
        if (value < 0 || value > most) {
            throw new InvalidValueException(field, value, "0 to " + most);
        }
    }
}
