package dev.cairn.backup.core.chunk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Content for tests of cutting, and the format's vectors. */
final class Sample {

    private Sample() {}

    /** The generator of the vectors: SHA-256 of the seed and a counter, joined and cut to the size. */
    static byte[] stream(String seed, int size) {
        byte[] text = seed.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[size];
        MessageDigest digest = sha256();
        ByteBuffer counter = ByteBuffer.allocate(8);
        for (int at = 0; at < size; at += 32) {
            digest.update(text);
            digest.update(counter.putLong(0, at / 32).array());
            byte[] block = digest.digest();
            System.arraycopy(block, 0, out, at, Math.min(32, size - at));
        }
        return out;
    }

    static JsonNode vector(String name) throws IOException {
        try (InputStream in = Sample.class.getResourceAsStream("/format/" + name)) {
            if (in == null) {
                throw new AssertionError("the format's vectors lack " + name);
            }
            return new ObjectMapper().readTree(in);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
