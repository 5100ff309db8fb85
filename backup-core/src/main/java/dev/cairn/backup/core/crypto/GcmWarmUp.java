package dev.cairn.backup.core.crypto;

import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.spec.SecretKeySpec;

/**
 * Brings the JIT to compile AES-GCM and SHA-256 before they are needed. The fast instructions are reached only from compiled callers, and HotSpot
 * compiles what is called often: a few calls with megabytes stay at 60 MB/s, thousands of small ones get there in 0.2 s. Measured on JDK 17, 2 cores,
 * sealing 16 MiB in a new JVM: 272, 236, 149 and 17 ms for the first four times without, 31, 16, 16 and 16 ms after this has run; opening them 258, 209,
 * 197 and 171 ms without, 15, 14, 18 and 14 ms after.
 */
public final class GcmWarmUp {

    private static final AtomicBoolean STARTED = new AtomicBoolean();

    /** 3 000 calls leave the first 16 MiB at 180 ms. */
    private static final int SEALS = 5_000;

    /** Without any, decryption is compiled with a profile that knows none, and stays at a third of its speed. */
    private static final int OPENS = 2_500;

    private static final int BYTES = 1024;

    private GcmWarmUp() {}

    /** Starts it in a daemon thread that ends by itself, once in a JVM; returns at once. */
    public static void start() {
        if (STARTED.compareAndSet(false, true)) {
            Thread thread = new Thread(GcmWarmUp::run, "cairn-gcm-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void run() {
        FrameCipher cipher = new FrameCipher();
        SecretKeySpec noKey = new SecretKeySpec(new byte[32], "AES");
        MessageDigest digest = Algorithms.sha256();
        byte[] frame = new byte[BYTES + ContainerLayout.TAG];
        for (int i = 0; i < SEALS; i++) {
            cipher.seal(noKey, i, false, frame, 0, BYTES);
            digest.update(frame, 0, BYTES);
        }
        byte[] plain = new byte[BYTES];
        for (int i = 0; i < OPENS; i++) {
            cipher.open(noKey, SEALS - 1, false, frame, 0, frame.length, plain, 0, 0, BYTES, "warm-up");
            digest.update(plain, 0, BYTES);
        }
    }
}
