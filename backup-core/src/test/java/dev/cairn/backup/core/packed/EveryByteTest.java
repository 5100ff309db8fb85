package dev.cairn.backup.core.packed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every byte of a small repository flipped, one at a time: whoever reads gets the right bytes or a typed error, never a hang and never anything else. */
class EveryByteTest {

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final Tree tree = new Tree();

    @Test
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    void aFlippedByteGivesRightBytesOrATypedError() {
        try (PackedRepository repository = Packed.at(store)) {
            tree.put("a/small", "a small file").put("b", Tree.noise(1, 900)).put("empty", "");
            tree.paged("db", Tree.noise(2, 1_500), 512);
            tree.snapshot(repository, "first", null);
        }
        Map<String, String> right = tree.contents();
        int refused = 0;
        int read = 0;
        for (BlobInfo blob : store.list("")) {
            if (blob.name().equals(BlobName.of("reserve"))) {
                continue; // A mebibyte that nobody reads.
            }
            byte[] bytes = store.bytes(blob.name());
            for (int i = 0; i < bytes.length; i++) {
                byte[] flipped = bytes.clone();
                flipped[i] ^= (byte) (1 << (i % 8));
                MemoryBlobStore damaged = store.copy();
                damaged.damage(blob.name(), flipped);
                try (PackedRepository repository = Packed.at(damaged)) {
                    assertEquals(right, Tree.read(repository, "first"), blob.name() + ", byte " + i);
                    read++;
                } catch (BackupException typed) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 4_000, refused + " refused");
        assertTrue(read > 100, read + " read all the same, because nothing rests on those bytes");
    }
}
