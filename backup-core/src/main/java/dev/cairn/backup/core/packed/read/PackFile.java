package dev.cairn.backup.core.packed.read;

import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.crypto.ContainerReader;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.OpenStore;
import java.nio.ByteBuffer;

/** What a pack says of itself, without the index. */
public final class PackFile {

    /** The greatest directory that is read; see the format, section 6. */
    private static final int MOST_DIRECTORY = 64 << 20;

    private PackFile() {}

    /**
     * The directory at the end of a pack.
     *
     * @param size the pack's size as it was listed
     * @throws dev.cairn.backup.BlobNotFoundException if it is gone
     * @throws DamagedRepositoryException if it is damaged
     */
    public static PackDirectory directory(OpenStore store, PackId pack, long size) {
        String name = pack.blob().value();
        ContainerReader body = store.containers().reader(ContainerKind.PACK, store.blobs(), pack.blob(), size);
        if (body.bodyLength() < 8) {
            throw new DamagedRepositoryException(name, "has no directory", null);
        }
        int length = ByteBuffer.wrap(body.read(body.bodyLength() - 4, 4)).getInt();
        long blocks = body.bodyLength() - 4 - length;
        if (length < 4 || length > MOST_DIRECTORY || blocks < 0) {
            throw new DamagedRepositoryException(name, "says that its directory has " + length + " bytes", null);
        }
        byte[] encoded = body.read(blocks, length);
        PackDirectory directory = PackDirectory.decode(encoded, 0, length, name);
        long stored =
                directory.blocks().stream().mapToLong(block -> block.stored()).sum();
        if (stored != blocks) {
            throw new DamagedRepositoryException(
                    name, "has blocks of " + blocks + " bytes, its directory tells of " + stored, null);
        }
        return directory;
    }
}
