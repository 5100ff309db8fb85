package dev.cairn.backup.core.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.browse.Written;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers are never given twice, whoever claims them and whatever is removed meanwhile. */
class SequenceClaimsTest {

    private static final String TOKEN = "token";

    @Test
    void numbersBeginAtOneAndOldClaimsAreRemoved() {
        MemoryBlobStore store = new MemoryBlobStore();
        for (int i = 1; i <= 100; i++) {
            assertEquals(i, new SequenceClaims(store, ".cairn/sequence", () -> 0).next(TOKEN));
        }
        assertTrue(
                store.list("").size() < 30,
                "claims do not pile up: " + store.list("").size());
    }

    /** Each claimer is a process that a test stops before any call; others go on meanwhile. Interleavings come from the numbers. */
    @Property(tries = 300)
    void aClaimerThatSleepsAnywhereNeverBringsANumberBack(
            @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 8) Integer> sleepsAtCall,
            @ForAll @IntRange(max = 40) int claimedMeanwhile,
            @ForAll @IntRange(max = 12) int before) {
        MemoryBlobStore store = new MemoryBlobStore();
        List<Long> given = new ArrayList<>();
        claim(store, before, given);
        long started = given.size();
        nested(store, sleepsAtCall, claimedMeanwhile, given);
        claim(store, 3, given);
        assertEquals(new TreeSet<>(given).size(), given.size(), () -> "given twice: " + given);
        assertTrue(given.stream().skip(started).allMatch(n -> n > before), () -> "a number came back: " + given);
    }

    /** A claimer that sleeps at a call, during which another claims that sleeps itself, and so on. */
    private static void nested(MemoryBlobStore store, List<Integer> sleeps, int meanwhile, List<Long> given) {
        if (sleeps.isEmpty()) {
            claim(store, meanwhile, given);
            return;
        }
        long sleepsAt = sleeps.get(0);
        FaultyBlobStore faulty = FaultyBlobStore.over(store).onCall(call -> {
            if (call.number() == sleepsAt) {
                nested(store, sleeps.subList(1, sleeps.size()), meanwhile, given);
            }
        });
        given.add(new SequenceClaims(faulty, ".cairn/sequence", () -> 0).next(TOKEN));
    }

    private static void claim(MemoryBlobStore store, int count, List<Long> given) {
        for (int i = 0; i < count; i++) {
            given.add(new SequenceClaims(store, ".cairn/sequence", () -> 0).next(TOKEN));
        }
    }

    @Property(tries = 30)
    void threadsWithRepositoriesOfTheirOwnThatWriteAndDeleteNeverRepeatANumber(@ForAll long seed) throws Exception {
        MemoryBlobStore store = new MemoryBlobStore();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<List<Long>>> tasks = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(seed + t);
                tasks.add(() -> workAt(BrowsableRepository.at(store), random));
            }
            List<Long> all = new ArrayList<>();
            for (var result : threads.invokeAll(tasks)) {
                List<Long> mine = result.get();
                assertEquals(mine.stream().sorted().toList(), mine, "numbers grow");
                all.addAll(mine);
            }
            assertEquals(new TreeSet<>(all).size(), all.size(), () -> "given twice: " + all);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Long> workAt(BrowsableRepository repository, Random random) {
        List<Long> mine = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            try (var writer = repository.begin(sequence -> SnapshotId.of("snap-" + sequence))) {
                mine.add(writer.sequence());
                if (random.nextBoolean()) {
                    Written.commit(writer, FakeDataset.of("d").file("f", "x"));
                }
            }
            if (random.nextBoolean()) {
                repository.delete(SnapshotId.of("snap-" + mine.get(random.nextInt(mine.size()))));
            }
        }
        return mine;
    }

    @ParameterizedTest
    @EnumSource(FaultyBlobStore.Tear.class)
    void aClaimWhoseAnswerIsLostIsNeverGivenToTwo(FaultyBlobStore.Tear tear) {
        MemoryBlobStore store = new MemoryBlobStore();
        FaultyBlobStore faulty = FaultyBlobStore.over(store).tearAt(1, tear);
        List<Long> given = new ArrayList<>();
        try {
            given.add(new SequenceClaims(faulty, ".cairn/sequence", () -> 0).next(TOKEN));
        } catch (dev.cairn.backup.StoreException lost) {
            // Claimed or not: nobody was told the number.
        }
        claim(store, 3, given);
        assertEquals(new TreeSet<>(given).size(), given.size(), () -> "given twice: " + given);
    }

    @Test
    void aForeignBlobAmongTheClaimsIsPassedOver() {
        MemoryBlobStore store = new MemoryBlobStore();
        store.putIfAbsent(
                dev.cairn.backup.spi.BlobName.of(".cairn/sequence/desktop.ini"),
                dev.cairn.backup.spi.BlobContent.of("x"));
        assertEquals(1, new SequenceClaims(store, ".cairn/sequence", () -> 0).next(TOKEN));
    }
}
