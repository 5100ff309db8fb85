package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.index.IndexSegment;
import dev.cairn.backup.core.index.PackContents;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.spi.BlobInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the index says of each pack, as a hash: to compare directories takes 32 bytes a pack, to hold them would take more than all else. Thread-safe. */
final class IndexedDirectories {

    private static final int MOST_BYTES = 96 << 20;

    private final Inventory inventory;
    private final Map<PackId, byte[]> hashes = new HashMap<>();

    private IndexedDirectories(Inventory inventory) {
        this.inventory = inventory;
    }

    /** Reads all segments that can be read, and compares them with their names. */
    static IndexedDirectories read(Inventory inventory, Findings findings) {
        IndexedDirectories directories = new IndexedDirectories(inventory);
        for (BlobInfo segment : inventory.view().segments()) {
            directories.segment(segment, findings);
        }
        return directories;
    }

    private void segment(BlobInfo segment, Findings findings) {
        String name = segment.name().value();
        try {
            byte[] stored = Layout.read(inventory.store().blobs(), segment.name(), MOST_BYTES);
            findings.read(stored.length);
            String sha = HexFormat.of().formatHex(Algorithms.sha256().digest(stored));
            if (!sha.equals(segment.name().lastComponent())) {
                findings.problem(name + " is not what its name says: rebuild the index with a repair");
            }
            for (PackContents contents : contents(name, stored)) {
                byte[] hash = hash(contents.directory());
                byte[] before = hashes.putIfAbsent(contents.pack(), hash);
                if (before != null && !Arrays.equals(before, hash)) {
                    findings.problem(name + " tells something else of "
                            + contents.pack().blob() + " than another segment of the index");
                }
            }
        } catch (BlobNotFoundException | DamagedRepositoryException e) {
            return; // Replaced meanwhile, or told of already by the inventory, which reads the same segments.
        } catch (StoreException e) {
            requireBadSector(e);
        }
    }

    private List<PackContents> contents(String name, byte[] stored) {
        return IndexSegment.decode(inventory.store().containers().open(ContainerKind.INDEX, "", stored), name);
    }

    private static byte[] hash(PackDirectory directory) {
        return Algorithms.sha256().digest(directory.encode());
    }

    /** Whether the index tells something else of the pack than the pack itself. */
    boolean contradict(PackId pack, PackDirectory own) {
        byte[] known = hashes.get(pack);
        return known != null && !Arrays.equals(known, hash(own));
    }

    /** What the index says of a pack that does not say it itself; reads segments again, because that is rare. */
    Optional<PackContents> find(PackId pack) {
        if (!hashes.containsKey(pack)) {
            return Optional.empty();
        }
        for (BlobInfo segment : inventory.view().segments()) {
            try {
                byte[] stored = Layout.read(inventory.store().blobs(), segment.name(), MOST_BYTES);
                for (PackContents contents : contents(segment.name().value(), stored)) {
                    if (contents.pack().equals(pack)) {
                        return Optional.of(contents);
                    }
                }
            } catch (BlobNotFoundException | DamagedRepositoryException e) {
                continue; // Another segment may tell of it as well.
            } catch (StoreException e) {
                requireBadSector(e);
            }
        }
        return Optional.empty();
    }

    /** What the store cannot read is damage; a store that is not there is not. */
    private static void requireBadSector(StoreException e) {
        if (e.reason() != StoreException.Reason.IO) {
            throw e;
        }
    }
}
