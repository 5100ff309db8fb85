package dev.cairn.backup.core.crypto;

import dev.cairn.backup.testkit.FixedKeys;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What the tests of containers share. */
final class Sample {

    static final byte[] REPOSITORY = Arrays.copyOf(FixedKeys.secret("repository"), 16);

    /** Body lengths around the borders of frames and of the buffer's pages; 8 bytes of each frame's or page's first are the length. */
    static final int[] LENGTHS = {
        0,
        1,
        2,
        9,
        1000,
        16_375,
        16_376,
        16_377,
        16_384,
        32_759,
        32_760,
        32_761,
        63 * 16_384 - 9,
        63 * 16_384 - 8,
        63 * 16_384 - 7,
        64 * 16_384,
        2_100_000
    };

    private Sample() {}

    static RepositorySecrets secrets() {
        return new RepositorySecrets(1, FixedKeys.secret("master"), FixedKeys.secret("dedup"));
    }

    static Containers containers() {
        return new Containers(REPOSITORY, secrets());
    }

    static byte[] body(int length) {
        byte[] body = new byte[length];
        new SplittableRandom(length).nextBytes(body);
        return body;
    }
}
