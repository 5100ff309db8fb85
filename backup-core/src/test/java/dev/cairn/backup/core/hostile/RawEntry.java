package dev.cairn.backup.core.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A line of a listing as an attacker writes it: nothing of it is checked.
 *
 * @param type as the packed format numbers them: 0 a folder, 1 a file, 2 a symbolic link, 3 a hard link
 * @param target of a link, else null
 * @param content of a file, else empty
 * @param times how often the content is repeated, which costs an attacker nothing
 * @param size what the line says of it
 */
record RawEntry(String path, int type, String target, byte[] content, long times, long size) {

    static final int MOST_CHUNK = 8 << 20;

    static RawEntry folder(String path) {
        return new RawEntry(path, 0, null, new byte[0], 0, 0);
    }

    static RawEntry file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8), 1);
    }

    static RawEntry file(String path, byte[] content, long times) {
        return new RawEntry(path, 1, null, content, times, content.length * times);
    }

    static RawEntry symlink(String path, String target) {
        return new RawEntry(path, 2, target, new byte[0], 0, 0);
    }

    static RawEntry hardLink(String path, String target) {
        return new RawEntry(path, 3, target, new byte[0], 0, 0);
    }

    RawEntry saying(long other) {
        return new RawEntry(path, type, target, content, times, other);
    }

    /** A file of zeros that takes one chunk to store. */
    static RawEntry zeros(String path, long bytes) {
        byte[] chunk = new byte[(int) Math.min(bytes, MOST_CHUNK)];
        return file(path, chunk, bytes / chunk.length);
    }

    @Override
    public String toString() {
        return path.length() > 40 ? path.substring(0, 40) + "…" : path + Arrays.asList(type, size);
    }
}
