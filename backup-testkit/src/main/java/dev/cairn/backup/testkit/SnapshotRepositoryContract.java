package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.SnapshotRepository;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every sentence of {@link SnapshotRepository} as a test, over a {@link MemoryBlobStore}; and that a store which has lost, cut, changed or
 * mixed up any blob never makes it hand out a wrong byte. Extend it and say how a repository object is made over a store:
 *
 * <pre>{@code
 * class MyRepositoryTest extends SnapshotRepositoryContract {
 *     @Override protected SnapshotRepository newRepository(BlobStore blobs) { return MyRepository.at(blobs, keys); }
 * }
 * }</pre>
 */
public abstract class SnapshotRepositoryContract extends RepositoryWriteTests {

    private static final String FIRST = "first";
    private static final String SECOND = "second";

    /** More store calls than a snapshot of four entries can need; a loop that gets here never ends. */
    private static final int MANY_CALLS = 500;

    /** For subclasses. */
    protected SnapshotRepositoryContract() {}

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aLostBlobNeverGivesAWrongByte() throws Exception {
        damageEach("removed", null);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aBlobThatWasCutNeverGivesAWrongByte() throws Exception {
        damageEach("cut by one byte", bytes -> Arrays.copyOf(bytes, Math.max(0, bytes.length - 1)));
        damageEach("cut to half", bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        damageEach("emptied", bytes -> new byte[0]);
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aFlippedBitNeverGivesAWrongByte() throws Exception {
        for (double place : new double[] {0, 0.2, 0.5, 0.8, 1}) {
            damageEach("one bit flipped at " + place, bytes -> flipped(bytes, place));
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aBlobThatGrewNeverGivesAWrongByte() throws Exception {
        damageEach("a byte longer", bytes -> Arrays.copyOf(bytes, bytes.length + 1));
        damageEach("twice over", bytes -> {
            byte[] twice = Arrays.copyOf(bytes, bytes.length * 2);
            System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
            return twice;
        });
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void blobsThatWereSwappedNeverGiveAWrongByte() throws Exception {
        Written written = written();
        List<BlobName> names = written.all();
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                MemoryBlobStore damaged = written.store().copy();
                damaged.damage(names.get(i), written.store().bytes(names.get(j)));
                damaged.damage(names.get(j), written.store().bytes(names.get(i)));
                boolean onlySecond = written.ofSecond().containsAll(Set.of(names.get(i), names.get(j)));
                assertRightOrTyped(damaged, onlySecond, names.get(i) + " and " + names.get(j) + " swapped");
            }
        }
    }

    @Test
    void aStoreThatGoesAwayAtAnyCallLeavesAllOrNothing() throws Exception {
        for (int call = 1; ; call++) {
            assertTrue(call < MANY_CALLS, "a snapshot of four entries ends");
            MemoryBlobStore memory = new MemoryBlobStore();
            write(repository(memory), FIRST, sample(1));
            FaultyBlobStore faulty = FaultyBlobStore.over(memory);
            SnapshotRepository dying = repository(faulty);
            faulty.failFrom(faulty.calls() + call);
            boolean committed = written(dying);
            assertAllOrNothing(memory, committed, "the store goes away at call " + call);
            if (committed) {
                // It needed fewer calls than it was left with.
                return;
            }
        }
    }

    @Test
    void aPutWhoseAnswerIsLostLeavesAllOrNothing() throws Exception {
        for (FaultyBlobStore.Tear tear : FaultyBlobStore.Tear.values()) {
            boolean more = true;
            for (int put = 1; more; put++) {
                assertTrue(put < MANY_CALLS, "a snapshot of four entries ends");
                MemoryBlobStore memory = new MemoryBlobStore();
                write(repository(memory), FIRST, sample(1));
                FaultyBlobStore faulty = FaultyBlobStore.over(memory);
                SnapshotRepository repository = repository(faulty);
                long target = faulty.calls(FaultyBlobStore.Operation.PUT) + put;
                faulty.tearAt(target, tear);
                boolean committed = written(repository);
                more = faulty.calls(FaultyBlobStore.Operation.PUT) >= target;
                assertAllOrNothing(memory, committed, tear + " at put " + put);
            }
        }
    }

    private static boolean written(SnapshotRepository repository) {
        try {
            write(repository, SECOND, sample(2));
            return true;
        } catch (BackupException failed) {
            return false;
        }
    }

    private void assertAllOrNothing(MemoryBlobStore memory, boolean committed, String fault) throws Exception {
        SnapshotRepository later = repository(memory);
        List<String> listed = committed(later);
        assertTrue(listed.contains(FIRST), () -> fault + ": an earlier snapshot stays listed");
        assertReads(later, FIRST, sample(1));
        assertTrue(
                !committed || listed.contains(SECOND),
                () -> fault + ": commit returned, so it is \"durable and listed\"");
        if (listed.contains(SECOND)) {
            assertReads(later, SECOND, sample(2));
        }
        write(later, "third", sample(3));
        assertReads(later, "third", sample(3));
    }

    /** Two snapshots of different content, and which blobs came with the second. */
    private record Written(MemoryBlobStore store, List<BlobName> all, Set<BlobName> ofSecond) {}

    private Written written() throws Exception {
        MemoryBlobStore memory = new MemoryBlobStore();
        SnapshotRepository repository = repository(memory);
        write(repository, FIRST, sample(1));
        Set<BlobName> ofFirst = new HashSet<>(names(memory));
        write(repository, SECOND, sample(2));
        Set<BlobName> ofSecond = new HashSet<>(names(memory));
        ofSecond.removeAll(ofFirst);
        return new Written(memory, names(memory), ofSecond);
    }

    private void damageEach(String how, @Nullable UnaryOperator<byte[]> damage) throws Exception {
        Written written = written();
        for (BlobName name : written.all()) {
            MemoryBlobStore damaged = written.store().copy();
            if (damage == null) {
                damaged.delete(name);
            } else {
                damaged.damage(name, damage.apply(damaged.bytes(name)));
            }
            assertRightOrTyped(damaged, written.ofSecond().contains(name), name + " " + how);
        }
    }

    /** Reads what can be read of both snapshots; damage among the blobs of the second must not touch the first. */
    private void assertRightOrTyped(MemoryBlobStore damaged, boolean firstIsUntouched, String damage) throws Exception {
        boolean first = false;
        List<String> listed = List.of();
        try {
            SnapshotRepository repository = repository(damaged);
            listed = committed(repository);
            first = readsOrFailsTyped(repository, FIRST, 1, damage);
            readsOrFailsTyped(repository, SECOND, 2, damage);
        } catch (BackupException typed) {
            // The repository as a whole says that it cannot be used: allowed where its own description is damaged.
        }
        if (firstIsUntouched) {
            assertTrue(listed.contains(FIRST), () -> damage + ": list() keeps working for the other snapshots");
            assertTrue(first, () -> damage + ": the other snapshot is read whole");
        }
    }

    private static boolean readsOrFailsTyped(SnapshotRepository repository, String id, long seed, String damage)
            throws IOException {
        try {
            assertReads(repository, id, sample(seed));
            return true;
        } catch (BackupException typed) {
            return false;
        } catch (AssertionError wrong) {
            throw new AssertionError(
                    damage + ": no wrong byte is ever handed out, snapshot '" + id + "': " + wrong.getMessage(), wrong);
        }
    }

    private static byte[] flipped(byte[] bytes, double place) {
        if (bytes.length == 0) {
            return new byte[] {1};
        }
        byte[] flipped = bytes.clone();
        flipped[(int) Math.round(place * (bytes.length - 1))] ^= 0x10;
        return flipped;
    }

    private static List<BlobName> names(MemoryBlobStore store) {
        return store.list("").stream().map(BlobInfo::name).toList();
    }
}
