package dev.cairn.backup.core.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.testkit.FixedKeys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Opens a container by the words of docs/repository-format.md, section 5, with nothing of ours but its bytes. */
class FormatTextTest {

    private static final byte[] BODY = Sample.body(40_000);

    private final byte[] stored = Sample.containers().seal(ContainerKind.MANIFEST, "snapshots/snap-1", BODY);

    @Test
    void theHeadIsLaidOutAsTheFormatSays() {
        HexFormat hex = HexFormat.of();
        assertEquals("89434149524e0d0a", hex.formatHex(stored, 0, 8));
        assertEquals("01010300" + "00000001", hex.formatHex(stored, 8, 16));
        assertArrayEquals(Sample.REPOSITORY, Arrays.copyOfRange(stored, 16, 32));
    }

    @Test
    void theBodyIsWhereTheFormatSays() throws Exception {
        byte[] objectKey = hkdf(FixedKeys.secret("master"), "cairn 1 object".getBytes(StandardCharsets.UTF_8), 32);
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.write(stored, 0, 64);
        info.writeBytes("snapshots/snap-1".getBytes(StandardCharsets.UTF_8));
        byte[] okm = hkdf(objectKey, info.toByteArray(), 64);
        assertArrayEquals(Arrays.copyOfRange(okm, 32, 64), Arrays.copyOfRange(stored, 64, 96));
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        int frames = (stored.length - 96 + 16_399) / 16_400;
        for (int i = 0; i < frames; i++) {
            byte[] nonce = ByteBuffer.allocate(12)
                    .position(7)
                    .putInt(i)
                    .put((byte) (i == frames - 1 ? 1 : 0))
                    .array();
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(Arrays.copyOf(okm, 32), "AES"),
                    new GCMParameterSpec(128, nonce));
            int from = 96 + i * 16_400;
            plain.writeBytes(cipher.doFinal(stored, from, Math.min(16_400, stored.length - from)));
        }
        byte[] all = plain.toByteArray();
        assertEquals(40_000, ByteBuffer.wrap(all).getLong());
        assertArrayEquals(BODY, Arrays.copyOfRange(all, 8, 40_008));
        assertEquals(40_960, all.length, "padme(40008): E = 15, S = 4, a multiple of 2048");
        assertArrayEquals(new byte[all.length - 40_008], Arrays.copyOfRange(all, 40_008, all.length));
    }

    @Test
    void theKeysOfChunksAreThoseOfTheFormat() throws Exception {
        RepositorySecrets secrets = Sample.secrets();
        byte[] dedup = FixedKeys.secret("dedup");
        assertArrayEquals(hkdf(dedup, "cairn 1 chunk id".getBytes(StandardCharsets.UTF_8), 32), secrets.chunkIdKey());
        assertArrayEquals(hkdf(dedup, "cairn 1 gear".getBytes(StandardCharsets.UTF_8), 32), secrets.gearKey());
    }

    private static byte[] hkdf(byte[] ikm, byte[] info, int length) throws Exception {
        byte[] prk = hmac(new byte[32], ikm);
        ByteArrayOutputStream okm = new ByteArrayOutputStream();
        byte[] t = {};
        for (int i = 1; okm.size() < length; i++) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(t);
            block.writeBytes(info);
            block.write(i);
            t = hmac(prk, block.toByteArray());
            okm.writeBytes(t);
        }
        return Arrays.copyOf(okm.toByteArray(), length);
    }

    private static byte[] hmac(byte[] key, byte[] text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }
}
