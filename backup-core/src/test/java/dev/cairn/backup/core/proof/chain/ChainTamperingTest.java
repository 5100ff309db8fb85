package dev.cairn.backup.core.proof.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.core.proof.SigningKeys;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any history, then one hand on the store that has all its keys: it is named; without it nothing is. */
class ChainTamperingTest {

    /** What the hand does. */
    enum Tampering {
        DELETE,
        DAMAGE,
        REPLACE,
        EXCHANGE,
        PUT_BACK,
        ADD,
        SET_BACK,
        DELETE_STUB,
        DAMAGE_STUB,
        EXCHANGE_STUBS
    }

    private final Map<String, byte[]> removedManifests = new HashMap<>();
    private final List<MemoryBlobStore> earlier = new ArrayList<>();
    private final TreeMap<Long, ChainWorld> alternatives = new TreeMap<>();
    private ChainWorld world = new ChainWorld(false);

    @Property(tries = 80)
    void oneHandOnABrowsableRepositoryIsNamed(@ForAll Random random, @ForAll Tampering tampering) {
        check(false, random, tampering);
    }

    @Property(tries = 40)
    void oneHandOnAPackedRepositoryIsNamed(@ForAll Random random, @ForAll Tampering tampering) {
        check(true, random, tampering);
    }

    private void check(boolean packed, Random random, Tampering tampering) {
        removedManifests.clear();
        earlier.clear();
        alternatives.clear();
        world = new ChainWorld(packed);
        if (random.nextBoolean()) {
            world.signing(SigningKeys.factory(), SigningKeys.trusted());
        }
        live(random);
        assertEquals(List.of(), world.proofs.verifyChain().breaks(), "untouched");
        assertEquals(List.of(), world.restart().proofs.opened().breaks(), "untouched, opened");
        Set<String> named = tamper(random, tampering);
        if (named.isEmpty()) {
            return; // This history has nothing to which that could be done.
        }
        ChainVerification running = world.proofs.verifyChain();
        ChainVerification opened = world.restart().proofs.opened();
        for (ChainVerification found : List.of(running, opened)) {
            assertFalse(found.intact(), () -> tampering + " of " + named);
            assertTrue(
                    found.breaks().stream().map(ChainBreak::what).anyMatch(named::contains),
                    () -> tampering + " of " + named + ": " + found.breaks());
        }
        alternatives.values().forEach(ChainWorld::close);
        world.close();
    }

    /** Snapshots and removals, and for each snapshot another one that could have been taken in its place. */
    private void live(Random random) {
        for (int i = 3 + random.nextInt(6); i > 0; i--) {
            List<String> present = present();
            if (present.size() > 2 && random.nextInt(3) == 0) {
                String id = present.get(random.nextInt(present.size()));
                removedManifests.put(id, world.blobs.bytes(world.manifest(id)));
                world.remove(id);
            } else {
                ChainWorld other = world.copy();
                long number = other.take("another " + i).metadata().sequence();
                alternatives.put(number, other);
                world.take("content " + i);
            }
            earlier.add(world.blobs.copy());
        }
    }

    private List<String> present() {
        return world.own().stream().map(metadata -> metadata.id().value()).toList();
    }

    private List<Long> stubs() {
        return removedManifests.keySet().stream()
                .map(id -> Long.parseLong(id.substring(5)))
                .sorted()
                .toList();
    }

    private static <T> T any(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    private static Set<String> named(Object... ids) {
        return List.of(ids).stream().map(id -> "snapshot " + id).collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> tamper(Random random, Tampering tampering) {
        List<String> present = present();
        String one = any(present, random);
        String other = any(present, random);
        switch (tampering) {
            case DELETE -> {
                world.wipe(one);
                return named(one);
            }
            case DAMAGE -> {
                flip(world.manifest(one), random);
                return named(one);
            }
            case REPLACE -> {
                ChainWorld another = alternatives.get(Long.parseLong(one.substring(5)));
                world.takeOver(another.blobs, world.packed ? "snapshots/" + one : one);
                if (world.packed) { // A folder's listing has no blob of the folder's own name.
                    replace(world.manifest(one), another.blobs.bytes(world.manifest(one)));
                }
                return named(one);
            }
            case EXCHANGE -> {
                exchange(world.manifest(one), world.manifest(other));
                return one.equals(other) ? Set.of() : named(one, other);
            }
            case PUT_BACK -> {
                if (removedManifests.isEmpty()) {
                    return Set.of();
                }
                String removed = any(removedManifests.keySet().stream().sorted().toList(), random);
                put(world.manifest(removed), removedManifests.get(removed));
                return named(removed);
            }
            case ADD -> {
                return add(random);
            }
            case SET_BACK -> {
                return setBack(random);
            }
            default -> {
                return tamperWithStub(random, tampering);
            }
        }
    }

    private Set<String> tamperWithStub(Random random, Tampering tampering) {
        if (removedManifests.isEmpty()) {
            return Set.of();
        }
        long one = any(stubs(), random);
        long other = any(stubs(), random);
        switch (tampering) {
            case DELETE_STUB -> world.blobs.delete(world.stub(one));
            case DAMAGE_STUB -> flip(world.stub(one), random);
            default -> {
                exchange(world.stub(one), world.stub(other));
                return one == other ? Set.of() : named("snap-" + one, "snap-" + other);
            }
        }
        return named("snap-" + one);
    }

    /** A snapshot that continues one before the newest, as if it had been taken then. */
    private Set<String> add(Random random) {
        List<SnapshotLink> links = new ArrayList<>();
        var proofs = world.repository.proofs().orElseThrow();
        world.own().forEach(metadata -> links.addAll(proofs.proof(metadata.id()).previous()));
        if (links.isEmpty()) {
            return Set.of();
        }
        return named(
                world.commit("forged", List.of(any(links, random))).metadata().id());
    }

    private Set<String> setBack(Random random) {
        MemoryBlobStore then = any(earlier, random);
        ChainWorld old = new ChainWorld(world.packed, then, new MemoryBlobStore(), "mine");
        Set<String> gone = new TreeSet<>(present());
        gone.removeAll(old.own().stream().map(metadata -> metadata.id().value()).toList());
        Set<String> back = new TreeSet<>(
                old.own().stream().map(metadata -> metadata.id().value()).toList());
        back.removeAll(present());
        if (gone.isEmpty()) {
            return Set.of(); // A removal that is undone together with its stub leaves no trace, as docs/proof.md says.
        }
        for (var blob : world.blobs.list("")) {
            world.blobs.delete(blob.name());
        }
        world.takeOver(then, "");
        Set<String> all = new TreeSet<>(gone);
        all.addAll(back);
        all.addAll(removedManifests.keySet());
        return named(all.toArray());
    }

    private void flip(BlobName name, Random random) {
        byte[] bytes = world.blobs.bytes(name);
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        world.blobs.damage(name, bytes);
    }

    private void exchange(BlobName one, BlobName other) {
        byte[] first = world.blobs.bytes(one);
        world.blobs.damage(one, world.blobs.bytes(other));
        world.blobs.damage(other, first);
    }

    private void replace(BlobName name, byte[] bytes) {
        world.blobs.damage(name, bytes);
    }

    private void put(BlobName name, byte[] bytes) {
        world.blobs.delete(name);
        world.blobs.putIfAbsent(name, () -> new ByteArrayInputStream(bytes));
    }
}
