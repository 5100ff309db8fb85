package dev.cairn.backup.core.packed.sweep;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.claim.SnapshotClaims;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * A durable list of packs that are about to go. Whoever begins to write after it stands takes them for absent; those who began before are waited for.
 *
 * @param record its blob
 * @param packs what it lists
 */
record Condemnation(BlobName record, List<PackId> packs) {

    private static final String DRAIN = ".drain";
    private static final int ATTEMPTS = 3;

    /** Puts one; durable when it returns. */
    static void put(OpenStore store, SpaceSaver space, long number, Collection<PackId> packs) {
        byte[] body = new byte[packs.size() * ChunkId.BYTES];
        int at = 0;
        for (PackId pack : new TreeSet<>(packs.stream().map(PackId::hex).toList())
                .stream().map(PackId::new).toList()) {
            ChunkId.ofHex(pack.hex()).write(body, at);
            at += ChunkId.BYTES;
        }
        BlobName name = BlobName.of(Layout.CONDEMNED + "/%019d".formatted(number));
        space.put(name, BlobContent.of(store.containers().seal(ContainerKind.CONDEMNED, name.value(), body)));
    }

    /** All that stand. */
    static List<Condemnation> list(OpenStore store) {
        List<Condemnation> found = new ArrayList<>();
        for (String name : new TreeSet<>(store.blobs().children(Layout.CONDEMNED))) {
            if (name.matches("[0-9]{19}")) {
                BlobName record = BlobName.of(Layout.CONDEMNED + "/" + name);
                List<PackId> packs = store.index().condemned(record);
                if (!packs.isEmpty()) {
                    found.add(new Condemnation(record, packs));
                }
            } else if (name.matches("[0-9]{19}\\.drain")) {
                removeIfLeft(store, BlobName.of(Layout.CONDEMNED + "/" + name.substring(0, 19)));
            }
        }
        return found;
    }

    /** A sweep that died after its record was removed leaves the drain. Where the record only was not listed yet, its sweep puts a later drain. */
    private static void removeIfLeft(OpenStore store, BlobName record) {
        if (store.blobs().stat(record).isEmpty()) {
            store.blobs().delete(BlobName.of(record.value() + DRAIN));
        }
    }

    private BlobName drain() {
        return BlobName.of(record.value() + DRAIN);
    }

    /** The number up to which writers may not have seen the record; found and put if nobody has yet. Empty if another sweep has carried the record out. */
    OptionalLong drainNumber(OpenStore store, SpaceSaver space, SnapshotClaims claims) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            OptionalLong known = readDrain(store);
            if (known.isPresent()) {
                return known;
            }
            // Asked after the record stands: whoever claims a higher number lists condemned packs after it.
            long highest = claims.highest();
            if (store.blobs().stat(record).isEmpty()) {
                return OptionalLong.empty();
            }
            space.put(drain(), BlobContent.of(Long.toString(highest)));
        }
        throw new DamagedRepositoryException(drain().value(), "cannot be used", null);
    }

    private OptionalLong readDrain(OpenStore store) {
        try {
            String text = new String(Layout.read(store.blobs(), drain(), 100), StandardCharsets.US_ASCII);
            if (text.matches("[0-9]{1,18}")) {
                return OptionalLong.of(Long.parseLong(text));
            }
        } catch (BlobNotFoundException e) {
            return OptionalLong.empty();
        } catch (DamagedRepositoryException e) {
            // As below.
        }
        store.blobs().delete(drain()); // Damaged; a later and so higher number only waits for more writers.
        return OptionalLong.empty();
    }

    /** The writers that may not have seen the record. */
    static List<Sessions.Session> waitingFor(List<Sessions.Session> sessions, long drain) {
        return sessions.stream()
                .filter(session -> session.snapshot().isPresent() && session.number() <= drain)
                .toList();
    }

    /** Removes the record, when none of its packs is left. */
    void remove(OpenStore store) {
        store.blobs().delete(record);
        store.blobs().delete(drain());
    }
}
