package dev.cairn.backup.core.archive;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * SHA-256 over all entries of a dataset in order. For each entry: path, type (its name), size (u64), modification (u8 1, u64 seconds, u32 nanoseconds; or
 * u8 0), mode (u32, all ones if none), owner, group, link target, page size (u32), SHA-256 of the content (32 bytes; for others of nothing). A text is u32 bytes of
 * UTF-8 and these; an absent one is empty. Integers are big-endian.
 */
final class EntryDigest {

    private final MessageDigest digest = sha256();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    void add(Entry entry, byte[] contentSha256) {
        EntryAttributes attributes = entry.attributes();
        text(entry.path().value());
        text(entry.type().name());
        u64(entry.size());
        Optional<Instant> modified = attributes.modified();
        digest.update((byte) (modified.isPresent() ? 1 : 0));
        if (modified.isPresent()) {
            u64(modified.get().getEpochSecond());
            u32(modified.get().getNano());
        }
        u32(attributes.mode().orElse(-1));
        text(attributes.owner().orElse(""));
        text(attributes.group().orElse(""));
        text(entry.linkTarget().orElse(""));
        u32(entry.content().pageSize());
        digest.update(contentSha256);
    }

    /** The digest of all, in hexadecimal. */
    String finish() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of the bytes, in hexadecimal. */
    static String hexOf(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        u32(bytes.length);
        digest.update(bytes);
    }

    private void u64(long value) {
        digest.update(number.clear().putLong(value).flip());
    }

    private void u32(int value) {
        digest.update(number.clear().putInt(value).flip());
    }
}
