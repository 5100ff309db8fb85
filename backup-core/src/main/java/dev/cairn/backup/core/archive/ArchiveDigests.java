package dev.cairn.backup.core.archive;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Objects;
import java.util.SortedMap;

/**
 * The content of {@code cairn-digests.json}, the last entry: without it an archive was cut.
 *
 * @param manifest SHA-256 of {@code cairn-manifest.json}
 * @param datasets for each dataset that is present, the digest that {@link EntryDigest} makes of its entries
 */
@JsonPropertyOrder({"manifest", "datasets"})
record ArchiveDigests(String manifest, SortedMap<String, String> datasets) {

    ArchiveDigests {
        Objects.requireNonNull(manifest, "manifest");
        Objects.requireNonNull(datasets, "datasets");
    }
}
