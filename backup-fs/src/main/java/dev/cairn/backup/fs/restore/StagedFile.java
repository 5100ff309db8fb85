package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Set;

/**
 * One staged file: written with its holes, then given its attributes, forced, and read again. Used on the library's own threads only.
 *
 * @param file where it is
 * @param entry what it holds
 * @param digest SHA-256 of what was written
 */
record StagedFile(Path file, Entry entry, byte[] digest) {

    /** A hole costs an extent, so that short runs of zeros are written; most file systems have blocks of 4 KiB, some of 64 KiB. */
    private static final int HOLE_BYTES = 64 * 1024;

    /** Told while a long file is written; may throw to end it. */
    interface Pace {
        void wrote(int bytes);
    }

    static StagedFile write(Path file, Entry entry, Pace pace) throws IOException {
        MessageDigest sha = sha256();
        try (FileChannel channel = FileChannel.open(
                        file, Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS), DurableFiles.ownerOnly(file, "rw-------"));
                InputStream in = entry.content().open()) {
            byte[] block = new byte[HOLE_BYTES];
            long position = 0;
            for (int n = in.readNBytes(block, 0, HOLE_BYTES); n > 0; n = in.readNBytes(block, 0, HOLE_BYTES)) {
                sha.update(block, 0, n);
                if (n < HOLE_BYTES || !isZero(block)) {
                    writeFully(channel, ByteBuffer.wrap(block, 0, n), position);
                }
                position += n;
                pace.wrote(n);
            }
            if (channel.size() < position) {
                writeFully(channel, ByteBuffer.wrap(new byte[1]), position - 1);
            }
            if (position != entry.size()) {
                throw new WrongSizeException(position);
            }
        }
        return new StagedFile(file, entry, sha.digest());
    }

    /** The content was not as long as the snapshot says. */
    static final class WrongSizeException extends IOException {
        private static final long serialVersionUID = 1L;

        WrongSizeException(long found) {
            super("has " + found + " bytes of content");
        }
    }

    private static boolean isZero(byte[] block) {
        // Compares the block with itself shifted by one: vectorised by the JIT.
        return block[0] == 0 && Arrays.equals(block, 0, HOLE_BYTES - 1, block, 1, HOLE_BYTES);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Attributes, force, and the proof that the file holds what was written. */
    void settle(AttributeWriter attributes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.of(READ, WRITE, NOFOLLOW_LINKS))) {
            verify(channel);
            attributes.apply(file, entry.attributes(), false);
            channel.force(true);
        }
    }

    private void verify(FileChannel channel) throws IOException {
        MessageDigest sha = sha256();
        ByteBuffer block = ByteBuffer.allocate(2 * HOLE_BYTES);
        while (channel.read(block) >= 0) {
            sha.update(block.flip());
            block.clear();
        }
        if (!MessageDigest.isEqual(sha.digest(), digest)) {
            throw new IOException(file + " does not hold what was written to it: check the disk");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
