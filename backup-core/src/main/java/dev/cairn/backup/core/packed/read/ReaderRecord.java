package dev.cairn.backup.core.packed.read;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.packed.store.PackedManifest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What a reader leaves in the store while it reads: {@code u64 milliseconds since 1970 ‖ u8 length of the id ‖ id ‖ manifest}.
 *
 * @param manifest a copy of the manifest that is being read
 * @param started when the reader began; only patience with dead ones depends on it
 */
public record ReaderRecord(PackedManifest manifest, Instant started) {

    static ReaderRecord of(PackedManifest manifest, Instant started) {
        return new ReaderRecord(manifest, started);
    }

    byte[] encode() {
        byte[] id = manifest.id().value().getBytes(StandardCharsets.US_ASCII);
        byte[] json = manifest.encode();
        return ByteBuffer.allocate(9 + id.length + json.length)
                .putLong(started.toEpochMilli())
                .put((byte) id.length)
                .put(id)
                .put(json)
                .array();
    }

    /**
     * From the body of a record.
     *
     * @throws DamagedRepositoryException if it is none
     */
    public static ReaderRecord decode(String blob, byte[] body) {
        int length = body.length < 9 ? 0 : body[8] & 0xff;
        if (length == 0 || body.length < 9 + length) {
            throw new DamagedRepositoryException(blob, "has " + body.length + " bytes", null);
        }
        ByteBuffer in = ByteBuffer.wrap(body);
        Instant started = Instant.ofEpochMilli(in.getLong());
        byte[] id = new byte[in.get() & 0xff];
        in.get(id);
        byte[] json = new byte[in.remaining()];
        in.get(json);
        return new ReaderRecord(
                PackedManifest.decode(SnapshotId.of(new String(id, StandardCharsets.US_ASCII)), json), started);
    }
}
