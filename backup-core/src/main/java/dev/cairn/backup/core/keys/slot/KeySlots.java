package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.core.keys.RepositoryKeys;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.KeyProvider;
import java.util.List;

/** The key slots of a repository, for the repository itself. Errors of the store come through as they are. */
public final class KeySlots {

    private KeySlots() {}

    /**
     * Makes a slot for each holder; those that have no key make one. Durable when it returns; after a failure no slot of this repository is left, unless the
     * store failed to remove it too. To be called before the repository can be seen, so that one that can be seen can be opened.
     *
     * @param repositoryId 16 bytes
     * @param holders at least one
     * @throws dev.cairn.backup.KeyException if one has no key and can make none
     */
    public static void create(
            BlobStore store, byte[] repositoryId, RepositorySecrets secrets, List<KeyProvider> holders) {
        if (holders.isEmpty()) {
            throw new ConfigurationException(
                    "A new repository was given no key", "Give a key holder, such as a key file");
        }
        holders.forEach(Holders::check);
        SlotFolder folder = new SlotFolder(store, repositoryId);
        try {
            for (KeyProvider holder : holders) {
                // Not what the holder says of itself: a path does not belong into the store.
                add(folder, secrets, holder, "made with the repository");
            }
        } catch (RuntimeException e) {
            try {
                discard(store, repositoryId);
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    /** Removes all slots of a repository that was never seen, such as one that lost the race for its store. */
    public static void discard(BlobStore store, byte[] repositoryId) {
        SlotFolder folder = new SlotFolder(store, repositoryId);
        for (StoredSlot slot : folder.slots()) {
            if (slot instanceof StoredSlot.Intact) {
                folder.remove(slot.id());
            }
        }
    }

    /**
     * Opens a repository with the first key that fits.
     *
     * @throws dev.cairn.backup.KeyException if none does. Its reason is, of what befell the holders, the first of: {@code SLOT_DAMAGED}, a slot of the holder's
     *     type is damaged and no other opened; {@code UNAVAILABLE}; {@code MALFORMED}; {@code WRONG}, it opens no slot; {@code MISSING}, it has no key
     * @throws dev.cairn.backup.DamagedRepositoryException if there is no slot of this repository at all
     */
    public static RepositorySecrets open(BlobStore store, byte[] repositoryId, List<KeyProvider> holders) {
        return new SlotOpening(new SlotFolder(store, repositoryId))
                .first(holders)
                .secrets();
    }

    /**
     * The keys, for hosts. Touches nothing yet.
     *
     * @param holders what opens the repository when slots are to be changed
     */
    public static RepositoryKeys keys(BlobStore store, byte[] repositoryId, List<KeyProvider> holders) {
        return new KeyRing(new SlotFolder(store, repositoryId), holders);
    }

    /** Makes a slot under an id that is free. */
    static SlotFile add(SlotFolder folder, RepositorySecrets secrets, KeyProvider holder, String label) {
        while (true) {
            SlotFile slot = SlotCipher.wrap(folder.repositoryId(), secrets, holder, label);
            if (folder.put(slot)) {
                return slot;
            }
        }
    }
}
