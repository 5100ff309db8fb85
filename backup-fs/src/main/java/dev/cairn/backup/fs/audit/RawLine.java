package dev.cairn.backup.fs.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes of one line.
 *
 * @param file the name of its file
 * @param fileFirst the sequence that the file's name tells
 * @param number its number in the file, from 1
 * @param offset where it begins in the file
 * @param bytes its bytes without the line feed; of a line that is longer than allowed, the beginning
 * @param end how it ends
 */
record RawLine(String file, long fileFirst, long number, long offset, byte[] bytes, End end) {

    /**
     * The greatest number of bytes of a line with its line feed. The longest that can be written has 32 details of 64 and 1024 characters, each as a
     * six byte escape: 209 kB.
     */
    static final int MAX_BYTES = 256 * 1024;

    /** How a line ends. */
    enum End {
        /** With a line feed. */
        COMPLETE,
        /** With the file. */
        TORN,
        /** Later than allowed. */
        TOO_LONG
    }

    long endOffset() {
        return offset + bytes.length + 1;
    }

    String hash() {
        return hash(bytes);
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What it looks like, for messages. */
    String excerpt() {
        String text = new String(bytes, 0, Math.min(bytes.length, 80), StandardCharsets.UTF_8);
        return bytes.length == 0 ? "nothing" : "'" + text + (bytes.length > 80 ? "…'" : "'");
    }
}
