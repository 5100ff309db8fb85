package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.crypto.Containers;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of packs that are about to go, as the store tells them. Nothing is remembered. Thread-safe. */
final class CondemnedPacks {

    private static final Logger LOG = LoggerFactory.getLogger(CondemnedPacks.class);
    private static final int MOST_BYTES = 96 << 20;

    private final BlobStore blobs;
    private final Containers containers;

    CondemnedPacks(BlobStore blobs, Containers containers) {
        this.blobs = blobs;
        this.containers = containers;
    }

    /** All packs that any record condemns; records that cannot be used are added to {@code unreadable} with the reason. */
    Set<PackId> all(Map<String, String> unreadable) {
        Set<PackId> found = new HashSet<>();
        for (String name : blobs.children(Layout.CONDEMNED)) {
            if (name.matches("[0-9]{19}")) {
                BlobName record = BlobName.of(Layout.CONDEMNED + "/" + name);
                try {
                    found.addAll(of(record));
                } catch (DamagedRepositoryException e) {
                    LOG.warn("Nothing is taken for stored, because {}", e.getMessage());
                    unreadable.put(record.value(), e.getMessage());
                }
            }
        }
        return found;
    }

    /**
     * The packs of one record; empty if it was removed meanwhile.
     *
     * @throws DamagedRepositoryException if it is damaged, so that nobody knows what may be used
     */
    List<PackId> of(BlobName record) {
        byte[] body;
        try {
            body = containers.open(ContainerKind.CONDEMNED, record.value(), Layout.read(blobs, record, MOST_BYTES));
        } catch (BlobNotFoundException e) {
            return List.of();
        }
        if (body.length % ChunkId.BYTES != 0) {
            throw new DamagedRepositoryException(record.value(), "has " + body.length + " bytes", null);
        }
        List<PackId> packs = new ArrayList<>();
        for (int at = 0; at < body.length; at += ChunkId.BYTES) {
            packs.add(new PackId(ChunkId.read(body, at).hex()));
        }
        return packs;
    }
}
