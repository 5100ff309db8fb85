package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.keys.KeySlot;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The folder {@code keys/} of one repository: slots, and what is known of recovery codes. Thread-safe. */
final class SlotFolder {

    private static final String FOLDER = "keys";
    private static final String CONFIRMED = ".confirmed";
    private static final BlobName DECLINED = BlobName.of(FOLDER + "/recovery.declined");

    private final BlobStore store;
    private final byte[] repositoryId;

    SlotFolder(BlobStore store, byte[] repositoryId) {
        this.store = store;
        this.repositoryId = repositoryId.clone();
    }

    byte[] repositoryId() {
        return repositoryId.clone();
    }

    String repository() {
        return HexFormat.of().formatHex(repositoryId);
    }

    /** The repository's slots, ordered by id. Those of another repository, which lost a race for the store, are passed over. */
    List<StoredSlot> slots() {
        List<BlobInfo> blobs = store.list(FOLDER);
        Set<String> names = blobs.stream().map(b -> b.name().lastComponent()).collect(Collectors.toSet());
        List<StoredSlot> slots = new ArrayList<>();
        for (BlobInfo blob : blobs) {
            String id = blob.name().lastComponent();
            if (SlotFile.isSlot(id) && blob.name().equals(nameOf(id))) {
                read(blob, names.contains(id + CONFIRMED)).ifPresent(slots::add);
            }
        }
        return slots;
    }

    private Optional<StoredSlot> read(BlobInfo blob, boolean confirmed) {
        String id = blob.name().lastComponent();
        StoredSlot illegible = new StoredSlot.Damaged(id, Optional.empty(), Optional.empty(), false);
        if (blob.size() > SlotFile.MOST_BYTES) {
            return Optional.of(illegible);
        }
        byte[] bytes;
        try {
            bytes = store.readRange(blob.name(), 0, (int) blob.size());
        } catch (BlobNotFoundException e) {
            return Optional.empty(); // Removed since the listing.
        } catch (StoreException e) {
            if (e.reason() == StoreException.Reason.IO) {
                return Optional.of(illegible); // One slot that cannot be read must not keep the others from opening.
            }
            throw e;
        }
        Optional<SlotFile> file = SlotFile.decode(id, bytes);
        if (file.isEmpty()) {
            Optional<String> type = SlotFile.fieldOf(bytes, "type");
            return Optional.of(new StoredSlot.Damaged(
                    id,
                    type,
                    SlotFile.fieldOf(bytes, "label"),
                    confirmed || !type.equals(Optional.of(KeySlot.RECOVERY))));
        }
        return file.filter(slot -> slot.repository().equals(repository()))
                .map(slot ->
                        new StoredSlot.Intact(slot, confirmed || !slot.type().equals(KeySlot.RECOVERY)));
    }

    /**
     * Stores a slot; durable when it returns.
     *
     * @return whether its id was free
     */
    boolean put(SlotFile slot) {
        BlobName name = nameOf(slot.slot());
        byte[] bytes = slot.encode();
        PutOutcome outcome = store.putIfAbsent(name, BlobContent.of(bytes));
        if (outcome == PutOutcome.UNKNOWN) {
            throw unknown(name);
        }
        return outcome == PutOutcome.CREATED || isMine(name, bytes);
    }

    /** What is there may come from a call of this very put whose answer was lost. */
    private boolean isMine(BlobName name, byte[] bytes) {
        try {
            return store.stat(name).filter(blob -> blob.size() == bytes.length).isPresent()
                    && Arrays.equals(bytes, store.readRange(name, 0, bytes.length));
        } catch (BlobNotFoundException e) {
            return false;
        }
    }

    /** Removes a slot; what is known of it stays until {@link #forget}. */
    void remove(String id) {
        store.delete(nameOf(id));
    }

    /** Removes what is known of a slot that is gone. */
    void forget(String id) {
        store.delete(nameOf(id + CONFIRMED));
    }

    /** Notes that somebody holds the slot's recovery code. */
    void confirm(String id, String by) {
        put(nameOf(id + CONFIRMED), noted().put("by", by).toBytes());
    }

    /** Whether somebody holds it. */
    boolean isConfirmed(String id) {
        return store.stat(nameOf(id + CONFIRMED)).isPresent();
    }

    boolean isDeclined() {
        return store.stat(DECLINED).isPresent();
    }

    /** The newest refusal counts: an older one is replaced. */
    void decline(String by, String reason) {
        store.delete(DECLINED);
        put(DECLINED, noted().put("by", by).put("reason", reason).toBytes());
    }

    void withdrawRefusal() {
        store.delete(DECLINED);
    }

    private void put(BlobName name, byte[] bytes) {
        if (store.putIfAbsent(name, BlobContent.of(bytes)) == PutOutcome.UNKNOWN) {
            throw unknown(name);
        }
    }

    private StoreException unknown(BlobName name) {
        return new StoreException(
                StoreException.Reason.OUTCOME_UNKNOWN,
                name + " in " + store.describe() + " may or may not be durable",
                "Look after the store's disk, list the key slots, and try again",
                null);
    }

    private static JsonObject noted() {
        return new JsonObject()
                .put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static BlobName nameOf(String last) {
        return BlobName.of(FOLDER + "/" + last);
    }
}
