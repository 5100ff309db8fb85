package dev.cairn.backup.testkit.crash;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/** What a file holds in one state. */
final class Content {

    private final byte[] bytes;
    private byte[] digest = Node.NO_BYTES;

    Content(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    byte[] digest() {
        if (digest.length == 0) {
            digest = sha256().digest(bytes);
        }
        return digest;
    }

    /** This content after changes, in order. Bytes beyond the size are kept until a cut, since the size may grow over them. */
    Content with(List<Change.OfInode> changes) {
        byte[] buffer = bytes;
        long size = bytes.length;
        boolean shared = true;
        for (Change.OfInode change : changes) {
            if (change instanceof Change.Block block) {
                int end = Math.toIntExact(block.offset() + block.length());
                if (shared || end > buffer.length) {
                    buffer = Arrays.copyOf(buffer, Math.max(end, Math.max(buffer.length, (int)
                            Math.min(end * 2L, 1 << 26))));
                    shared = false;
                }
                System.arraycopy(block.source(), block.from(), buffer, (int) block.offset(), block.length());
            } else if (change instanceof Change.Size to) {
                if (to.cut()) {
                    buffer = Arrays.copyOf(buffer, buffer.length);
                    shared = false;
                    int from = (int) Math.min(buffer.length, to.size());
                    Arrays.fill(buffer, from, buffer.length, (byte) 0);
                    size = to.size();
                } else {
                    size = Math.max(size, to.size());
                }
            }
        }
        return new Content(Arrays.copyOf(buffer, Math.toIntExact(size)));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
