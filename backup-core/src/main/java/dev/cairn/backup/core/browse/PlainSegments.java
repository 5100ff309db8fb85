package dev.cairn.backup.core.browse;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.core.ship.SegmentFiles;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** Segments as they are, followed by the SHA-256 of their name, a line feed and themselves, so that damage and a mix-up are noticed. Against somebody who means harm it does nothing. */
final class PlainSegments implements SegmentFiles.Body {

    private static final int HASH = 32;

    @Override
    public byte[] seal(String name, byte[] plain) {
        byte[] stored = Arrays.copyOf(plain, plain.length + HASH);
        System.arraycopy(hash(name, plain, plain.length), 0, stored, plain.length, HASH);
        return stored;
    }

    @Override
    public byte[] open(String name, byte[] stored) {
        int length = stored.length - HASH;
        if (length < 0
                || !MessageDigest.isEqual(
                        hash(name, stored, length), Arrays.copyOfRange(stored, length, stored.length))) {
            throw new DamagedRepositoryException(name, "does not have the checksum that it ends with", null);
        }
        return Arrays.copyOf(stored, length);
    }

    private static byte[] hash(String name, byte[] body, int length) {
        MessageDigest sha = Algorithms.sha256();
        sha.update((name + "\n").getBytes(StandardCharsets.UTF_8));
        sha.update(body, 0, length);
        return sha.digest();
    }
}
