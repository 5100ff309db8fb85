package dev.cairn.backup.core.archive;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ProgressListener;
import java.util.List;
import java.util.Optional;

/**
 * What to export, and how. Immutable; each method answers a changed copy.
 *
 * @param datasets the names of the datasets; empty for all
 * @param format how the tar is compressed
 * @param key encrypts the archive; empty for plaintext
 * @param cancellation asks it to stop
 * @param progress told how far it has come, by the thread that exports
 */
public record ExportRequest(
        List<String> datasets,
        ArchiveFormat format,
        Optional<ArchiveKey> key,
        CancellationToken cancellation,
        ProgressListener progress) {

    /** Copies the list. */
    public ExportRequest {
        datasets = List.copyOf(datasets);
    }

    /** All datasets, in plaintext. */
    public static ExportRequest of(ArchiveFormat format) {
        return new ExportRequest(List.of(), format, Optional.empty(), new CancellationToken(), ProgressListener.NONE);
    }

    /** Only these datasets. */
    public ExportRequest datasets(String... names) {
        return new ExportRequest(List.of(names), format, key, cancellation, progress);
    }

    /** Encrypted. */
    public ExportRequest key(ArchiveKey value) {
        return new ExportRequest(datasets, format, Optional.of(value), cancellation, progress);
    }

    /** With a token that can stop it. */
    public ExportRequest cancellation(CancellationToken value) {
        return new ExportRequest(datasets, format, key, value, progress);
    }

    /** With a listener for its progress. */
    public ExportRequest progress(ProgressListener value) {
        return new ExportRequest(datasets, format, key, cancellation, value);
    }
}
