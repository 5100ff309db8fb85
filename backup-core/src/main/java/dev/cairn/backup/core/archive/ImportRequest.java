package dev.cairn.backup.core.archive;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.ScratchSpace;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * How to import an archive. Immutable; each method answers a changed copy.
 *
 * @param scratch room for the larger contents of one dataset at a time: a repository may read a content late, twice and by several threads, an archive
 *     comes once and in order
 * @param naming the id for a sequence number of the repository
 * @param seal opens an encrypted archive; empty for plaintext. An archive that is not what is said here is refused
 * @param mostBytes the greatest sum of contents that is accepted
 * @param cancellation asks it to stop
 * @param progress told how far it has come, by any thread
 */
public record ImportRequest(
        ScratchSpace scratch,
        LongFunction<SnapshotId> naming,
        Optional<Seal> seal,
        long mostBytes,
        CancellationToken cancellation,
        ProgressListener progress) {

    /**
     * What opens an encrypted archive and proves that nobody altered it.
     *
     * @param key the key
     * @param mac as {@link ExportReport#mac} gave it
     */
    public record Seal(ArchiveKey key, String mac) {

        /** @throws InvalidValueException if the MAC is not 64 hexadecimal digits */
        public Seal {
            if (!mac.matches("[0-9a-fA-F]{64}")) {
                throw new InvalidValueException("mac", mac, "64 hexadecimal digits");
            }
        }
    }

    /** @throws InvalidValueException if the limit is negative */
    public ImportRequest {
        if (mostBytes < 0) {
            throw new InvalidValueException("mostBytes", mostBytes, "0 or more");
        }
    }

    /** An archive in plaintext of any size, as {@code snap-<n>}. */
    public static ImportRequest of(ScratchSpace scratch) {
        return new ImportRequest(
                scratch,
                sequence -> SnapshotId.of("snap-" + sequence),
                Optional.empty(),
                Long.MAX_VALUE,
                new CancellationToken(),
                ProgressListener.NONE);
    }

    /** Under an id of the caller's. */
    public ImportRequest id(SnapshotId value) {
        return new ImportRequest(scratch, sequence -> value, seal, mostBytes, cancellation, progress);
    }

    /** An encrypted archive. */
    public ImportRequest key(ArchiveKey key, String mac) {
        return new ImportRequest(scratch, naming, Optional.of(new Seal(key, mac)), mostBytes, cancellation, progress);
    }

    /** With a limit for the sum of all contents in bytes, for archives that come from elsewhere. */
    public ImportRequest mostBytes(long value) {
        return new ImportRequest(scratch, naming, seal, value, cancellation, progress);
    }

    /** With a token that can stop it. */
    public ImportRequest cancellation(CancellationToken value) {
        return new ImportRequest(scratch, naming, seal, mostBytes, value, progress);
    }

    /** With a listener for its progress. */
    public ImportRequest progress(ProgressListener value) {
        return new ImportRequest(scratch, naming, seal, mostBytes, cancellation, value);
    }
}
