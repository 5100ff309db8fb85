package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.PutOutcome;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * When each pack was last checked, kept in the store for the next check. Several checks may write it at once: each adds what it did to what the highest number says. Losing it costs only
 * the order of the next checks. Thread-safe.
 */
final class Ledger {

    private static final int ENTRY = PackId.BYTES + 9;
    private static final int MOST_BYTES = 512 << 20;
    private static final int ATTEMPTS = 8;

    private final OpenStore store;
    private final Findings findings;
    private final Map<PackId, Entry> known;
    private final Map<PackId, Entry> noted = new HashMap<>();

    private record Entry(long millis, boolean right) {}

    /** A stored ledger; number 0 is none. */
    private record Stored(long number, Map<PackId, Entry> entries) {}

    private Ledger(OpenStore store, Findings findings) {
        this.store = store;
        this.findings = findings;
        this.known = highest().entries();
    }

    /** The one in the store; empty if there is none, or with a warning if it is damaged. */
    static Ledger read(OpenStore store, Findings findings) {
        return new Ledger(store, findings);
    }

    private Stored highest() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long number = store.blobs().children(Layout.LEDGER).stream()
                    .mapToLong(Ledger::number)
                    .max()
                    .orElse(0);
            if (number == 0) {
                return new Stored(0, Map.of());
            }
            BlobName name = name(number);
            try {
                byte[] stored = Layout.read(store.blobs(), name, MOST_BYTES);
                byte[] body = store.containers().open(ContainerKind.LEDGER, name.value(), stored);
                return new Stored(number, decode(name.value(), body));
            } catch (BlobNotFoundException e) {
                continue; // Another check has replaced it.
            } catch (DamagedRepositoryException e) {
                return unknown(number, Findings.sentence(e));
            } catch (StoreException e) {
                return unknown(number, Findings.readError(e));
            }
        }
        return new Stored(0, Map.of());
    }

    private Stored unknown(long number, String reason) {
        findings.warning("It is not known when packs were last checked, because " + reason);
        return new Stored(number, Map.of());
    }

    /** @throws DamagedRepositoryException if it is no ledger */
    private static Map<PackId, Entry> decode(String blob, byte[] body) {
        if (body.length % ENTRY != 0) {
            throw new DamagedRepositoryException(blob, "has " + body.length + " bytes", null);
        }
        Map<PackId, Entry> entries = new HashMap<>();
        ByteBuffer in = ByteBuffer.wrap(body);
        for (int at = 0; at < body.length; at += ENTRY) {
            byte state = in.get(at + ENTRY - 1);
            if (state != 0 && state != 1) {
                throw new DamagedRepositoryException(blob, "tells of a state " + (state & 0xff), null);
            }
            PackId pack = new PackId(ChunkId.read(body, at).hex());
            entries.put(pack, new Entry(in.getLong(at + PackId.BYTES), state == 1));
        }
        return entries;
    }

    private static byte[] encode(Map<PackId, Entry> entries) {
        ByteBuffer out = ByteBuffer.allocate(entries.size() * ENTRY);
        new TreeMap<>(entries).forEach((pack, entry) -> {
            ChunkId.ofHex(pack.hex()).write(out.array(), out.position());
            out.position(out.position() + PackId.BYTES);
            out.putLong(entry.millis()).put((byte) (entry.right() ? 1 : 0));
        });
        return out.array();
    }

    /** Notes what a pack was found to be. */
    synchronized void note(PackId pack, Instant when, boolean right) {
        noted.put(pack, new Entry(when.toEpochMilli(), right));
    }

    private Optional<Entry> entry(PackId pack) {
        Entry fresh = noted.get(pack);
        return Optional.ofNullable(fresh != null ? fresh : known.get(pack));
    }

    /** When a pack was last checked, in milliseconds since 1970; the least number if never. */
    synchronized long lastCheck(PackId pack) {
        return entry(pack).map(Entry::millis).orElse(Long.MIN_VALUE);
    }

    /** Whether the last check found the pack wrong. */
    synchronized boolean isWrong(PackId pack) {
        return entry(pack).map(entry -> !entry.right()).orElse(false);
    }

    /** When the least recently checked of the packs was checked; empty if one never was, or there is none. */
    Optional<Instant> oldest(Set<PackId> packs) {
        long oldest = packs.stream().mapToLong(this::lastCheck).min().orElse(Long.MIN_VALUE);
        return oldest == Long.MIN_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(oldest));
    }

    /** Stores what was noted together with what others have noted meanwhile, without packs that are gone. Where that fails the next check only begins elsewhere. */
    void save() {
        Map<PackId, Entry> mine;
        synchronized (this) {
            mine = new HashMap<>(noted);
        }
        if (mine.isEmpty()) {
            return;
        }
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (put(mine)) {
                    return;
                }
            }
            findings.warning("When packs were last checked could not be stored: others store it all the time");
        } catch (StoreException e) {
            findings.warning("When packs were last checked could not be stored: " + Findings.sentence(e));
        }
    }

    private boolean put(Map<PackId, Entry> mine) {
        Stored highest = highest();
        Map<PackId, Entry> all = new HashMap<>(highest.entries());
        mine.forEach((pack, entry) ->
                all.merge(pack, entry, (theirs, ours) -> ours.millis() >= theirs.millis() ? ours : theirs));
        all.keySet().retainAll(store.index().packs().keySet());
        BlobName name = name(highest.number() + 1);
        byte[] sealed = store.containers().seal(ContainerKind.LEDGER, name.value(), encode(all));
        if (store.blobs().putIfAbsent(name, BlobContent.of(sealed)) != PutOutcome.CREATED) {
            return false;
        }
        List<BlobName> lower = store.blobs().children(Layout.LEDGER).stream()
                .mapToLong(Ledger::number)
                .filter(number -> number > 0 && number <= highest.number())
                .mapToObj(Ledger::name)
                .toList();
        store.blobs().deleteAll(lower);
        return true;
    }

    private static BlobName name(long number) {
        return BlobName.of(Layout.LEDGER + "/%019d".formatted(number));
    }

    private static long number(String component) {
        return component.matches("0[0-9]{18}") ? Long.parseLong(component) : 0;
    }
}
