package dev.cairn.backup.cli.config;

import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.spi.SnapshotRepository;
import java.nio.file.Path;
import java.util.List;

/** Where snapshots live, and how. */
public sealed interface RepositorySettings {

    /** Its folder. */
    Path path();

    /** {@code packed} or {@code browsable}. */
    String type();

    /** The repository; a new object at each call. Touches nothing yet. */
    SnapshotRepository repository();

    /**
     * Deduplicated, compressed, encrypted.
     *
     * @param keys at least one
     */
    record Packed(Path path, List<KeyProvider> keys) implements RepositorySettings {

        /** Copies the list. */
        public Packed {
            keys = List.copyOf(keys);
        }

        @Override
        public String type() {
            return "packed";
        }

        @Override
        public PackedRepository repository() {
            return PackedRepository.at(
                    FileBlobStore.at(path),
                    keys.get(0),
                    keys.subList(1, keys.size()).toArray(KeyProvider[]::new));
        }
    }

    /**
     * Plain files and a manifest.
     *
     * @param digest the checksum algorithm
     */
    record Browsable(Path path, String digest) implements RepositorySettings {

        @Override
        public String type() {
            return "browsable";
        }

        @Override
        public BrowsableRepository repository() {
            return BrowsableRepository.at(FileBlobStore.at(path)).checksum(digest);
        }
    }
}
