package dev.cairn.backup.core.browse;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Reads one snapshot whose manifest has been checked as a whole. */
final class BrowsableReader implements SnapshotReader {

    private final BlobStore store;
    private final ManifestFile file;
    private final SnapshotManifest manifest;

    BrowsableReader(BlobStore store, ManifestFile file) {
        this.store = store;
        this.file = file;
        this.manifest = file.manifest();
    }

    @Override
    public SnapshotManifest manifest() {
        return manifest;
    }

    @Override
    public DatasetReader dataset(String name) {
        ManifestFile.StoredDataset dataset = file.datasets().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(
                        "dataset",
                        name,
                        file.datasets().stream()
                                .map(ManifestFile.StoredDataset::name)
                                .toList()
                                .toString()));
        return new Listing(dataset);
    }

    @Override
    public void close() {
        // Nothing is held between reads.
    }

    private final class Listing implements DatasetReader {

        private final ManifestFile.StoredDataset dataset;

        Listing(ManifestFile.StoredDataset dataset) {
            this.dataset = dataset;
        }

        @Override
        public SnapshotMetadata snapshot() {
            return manifest.metadata();
        }

        @Override
        public DatasetSummary summary() {
            return dataset.summary();
        }

        @Override
        public EntryCursor entries() {
            Iterator<StoredEntry> lines = dataset.listing().iterator();
            return new EntryCursor() {
                private @Nullable EntryPath previous;

                @Override
                public @Nullable Entry next() {
                    if (!lines.hasNext()) {
                        if (dataset.listing().size() != dataset.entries()) {
                            throw damaged("the listing", "has another number of entries than the manifest counts");
                        }
                        return null;
                    }
                    Entry entry = entry(lines.next());
                    if (previous != null && previous.compareTo(entry.path()) >= 0) {
                        throw damaged(entry.path().value(), "is out of order in the listing");
                    }
                    previous = entry.path();
                    return entry;
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };
        }

        private Entry entry(StoredEntry line) {
            try {
                return line.toEntry(line.type() == EntryType.FILE ? content(line) : EntryContent.EMPTY);
            } catch (IllegalArgumentException | InvalidValueException | java.time.DateTimeException e) {
                throw new DamagedSnapshotException(
                        id(), dataset.name() + "/" + line.path(), "cannot be used: " + e.getMessage(), e);
            }
        }

        private EntryContent content(StoredEntry line) {
            String stored = line.stored();
            String checksum = line.checksum();
            if (stored == null || checksum == null || !stored.startsWith(id() + "/snapshot/")) {
                throw damaged(line.path(), "names no content of this snapshot");
            }
            return new Content(line.path(), BlobName.of(stored), line.size(), checksum);
        }

        private MessageDigest digest(String path) {
            try {
                return Digests.of(file.checksumAlgorithm());
            } catch (ConfigurationException e) {
                throw new DamagedSnapshotException(
                        id(), dataset.name() + "/" + path, "cannot be checked: " + e.getMessage(), e);
            }
        }

        private DamagedSnapshotException damaged(String path, String problem) {
            return new DamagedSnapshotException(id(), dataset.name() + "/" + path, problem, null);
        }

        private SnapshotId id() {
            return manifest.metadata().id();
        }

        /** The content of one file. */
        private final class Content implements EntryContent {

            private final String path;
            private final BlobName blob;
            private final long size;
            private final String checksum;

            Content(String path, BlobName blob, long size, String checksum) {
                this.path = path;
                this.blob = blob;
                this.size = size;
                this.checksum = checksum;
            }

            private String algorithm() {
                return file.checksumAlgorithm();
            }

            @Override
            public boolean isKnownToEqual(EntryContent other) {
                return other instanceof Content that
                        && size == that.size
                        && checksum.equals(that.checksum)
                        && algorithm().equals(that.algorithm());
            }

            @Override
            public InputStream open() throws IOException {
                MessageDigest digest = digest(path);
                InputStream in;
                try {
                    in = store.read(blob);
                } catch (BlobNotFoundException e) {
                    throw new DamagedSnapshotException(
                            id(), dataset.name() + "/" + path, "is missing from the store", e);
                }
                return new VerifyingStream(in, id(), dataset.name() + "/" + path, size, checksum, digest);
            }
        }
    }
}
