package dev.cairn.backup.core.packed;

import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.testkit.FixedKeys;
import java.util.Optional;

/** Packed repositories for tests, all with the same key. */
public final class Packed {

    private Packed() {}

    /** A key that is the same for every test. */
    public static KeyProvider.Secret key() {
        return new KeyProvider.Secret() {
            @Override
            public String type() {
                return "environment";
            }

            @Override
            public String describe() {
                return "the tests' key";
            }

            @Override
            public Optional<byte[]> find() {
                return Optional.of(FixedKeys.secret("packed"));
            }

            @Override
            public byte[] findOrCreate() {
                return FixedKeys.secret("packed");
            }
        };
    }

    /** A repository in the store. */
    public static PackedRepository at(BlobStore blobs) {
        return PackedRepository.at(blobs, key());
    }
}
