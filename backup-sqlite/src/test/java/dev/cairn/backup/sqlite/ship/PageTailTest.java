package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.PageChanges;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import dev.cairn.backup.testkit.TestScratch;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a model that keeps every state. */
class PageTailTest {

    private static final int PAGE = 512;
    private static final String TIMELINE = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private final PageTail tail = new PageTail();
    private final List<TreeMap<Integer, Byte>> states = new ArrayList<>(List.of(new TreeMap<>()));
    private final List<Integer> sizes = new ArrayList<>(List.of(0));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theChangesBetweenTwoCutsAreExactlyTheirDifference(long seed) {
        Random random = new Random(seed);
        RecordingCaptureContext context = RecordingCaptureContext.in(folder);
        tail.begin(at(0), PAGE, false);
        ship(random, 1);
        List<Long> cuts = new ArrayList<>();
        int answered = 0;
        for (int round = 0; round < 60; round++) {
            Object owner = new Object();
            tail.prepare(context, 1000);
            ship(random, random.nextInt(4));
            tail.watch(owner);
            long before = random.nextInt(3);
            ship(random, (int) before);
            long cut = states.size() - 1;
            ship(random, random.nextInt(4));
            if (random.nextInt(8) == 0) {
                tail.unwatch(owner);
                continue;
            }
            tail.taken(owner, () -> Optional.of(at(cut)));
            tail.shipped();
            tail.cut(new Object(), at(states.size() - 1));
            for (long earlier : cuts.subList(Math.max(0, cuts.size() - 3), cuts.size())) {
                Optional<PageChanges> changes = tail.between(at(earlier), at(cut));
                changes.ifPresent(it -> check(it, (int) earlier, (int) cut, seed));
                answered += changes.isPresent() ? 1 : 0;
            }
            cuts.add(cut);
        }
        assertTrue(answered > 60, "answers: " + answered);
        tail.close();
        assertEquals(List.of(), context.scratch().held());
    }

    private void check(PageChanges changes, int earlier, int later, long seed) {
        assertEquals((long) sizes.get(later) * PAGE, changes.size());
        TreeMap<Integer, Byte> patched = new TreeMap<>(states.get(earlier));
        int[] pages = changes.pages();
        int[] sorted = pages.clone();
        Arrays.sort(sorted);
        assertArrayEquals(sorted, pages);
        for (int page : pages) {
            byte[] content = new byte[PAGE + 3];
            try {
                changes.read(page, content, 3);
            } catch (java.io.IOException e) {
                throw new AssertionError(e);
            }
            patched.put(page + 1, content[3]);
        }
        patched.tailMap(sizes.get(later), false).clear();
        TreeMap<Integer, Byte> expected = new TreeMap<>(states.get(later));
        assertEquals(expected, patched, "seed " + seed + ": from " + earlier + " to " + later);
    }

    @Test
    void aTailThatOutgrowsItsRoomGivesNoAnswerAndBeginsAgain() {
        RecordingCaptureContext context = RecordingCaptureContext.in(folder);
        tail.begin(at(0), PAGE, false);
        ship(new Random(1), 1);
        take(context);
        long first = states.size() - 1;
        for (int i = 0; i < 100; i++) {
            shipLarge(i);
        }
        take(context);
        assertEquals(Optional.empty(), tail.between(at(first), at(states.size() - 1)));
        long second = states.size() - 1;
        ship(new Random(2), 2);
        take(context);
        assertTrue(tail.between(at(second), at(states.size() - 1)).isPresent());
    }

    @Test
    void withoutScratchOrAcrossTimelinesThereIsNoAnswer() {
        TestScratch scratch = TestScratch.in(folder).quota(10);
        RecordingCaptureContext context = RecordingCaptureContext.of(dev.cairn.backup.SnapshotId.of("snap-1"), scratch);
        tail.begin(at(0), PAGE, false);
        ship(new Random(1), 1);
        take(context);
        assertEquals(Optional.empty(), tail.between(at(1), at(1)));
        RecordingCaptureContext roomy = RecordingCaptureContext.in(folder);
        take(roomy);
        assertTrue(tail.between(at(1), at(1)).isPresent());
        tail.begin(new LogPosition("f".repeat(32), 0), PAGE, false);
        assertEquals(Optional.empty(), tail.between(at(1), new LogPosition("f".repeat(32), 1)));
    }

    @Test
    void aPartOfATransactionThatWasKeptAlthoughKeepingFailedIsMissed() {
        RecordingCaptureContext context = RecordingCaptureContext.in(folder);
        tail.begin(at(0), PAGE, false);
        ship(new Random(1), 1);
        take(context);
        take(context);
        assertTrue(tail.between(at(1), at(1)).isPresent());
        // Pages of the next transaction were kept, and nobody here was told: what goes on is in the midst of it, at the
        // same position.
        tail.begin(at(1), PAGE, true);
        ship(new Random(2), 1);
        take(context);
        assertEquals(Optional.empty(), tail.between(at(1), at(2)), "it lacks the first pages");
        ship(new Random(3), 1);
        take(context);
        assertTrue(tail.between(at(2), at(3)).isPresent(), "it has begun again");
    }

    private void take(RecordingCaptureContext context) {
        Object owner = new Object();
        tail.prepare(context, 1000);
        tail.watch(owner);
        tail.cut(owner, at(states.size() - 1));
    }

    /** Transactions in segments that end anywhere. */
    private void ship(Random random, int transactions) {
        List<Integer> pages = new ArrayList<>();
        List<LogSegment.Commit> commits = new ArrayList<>();
        List<Byte> content = new ArrayList<>();
        for (int i = 0; i < transactions; i++) {
            TreeMap<Integer, Byte> state = new TreeMap<>(states.get(states.size() - 1));
            int size = Math.max(1, sizes.get(sizes.size() - 1) + random.nextInt(12) - 4);
            for (int j = 0; j < 1 + random.nextInt(6); j++) {
                write(1 + random.nextInt(size), random, pages, content, state);
            }
            for (int page = sizes.get(sizes.size() - 1) + 1; page <= size; page++) {
                write(page, random, pages, content, state);
            }
            state.tailMap(size, false).clear();
            states.add(state);
            sizes.add(size);
            commits.add(new LogSegment.Commit(pages.size(), size, Instant.EPOCH));
            if (random.nextBoolean()) {
                add(pages, content, commits);
            }
        }
        if (!pages.isEmpty()) {
            add(pages, content, commits);
        }
    }

    private static void write(
            int page, Random random, List<Integer> pages, List<Byte> content, TreeMap<Integer, Byte> state) {
        byte value = (byte) random.nextInt();
        pages.add(page);
        content.add(value);
        state.put(page, value);
    }

    private void add(List<Integer> pages, List<Byte> content, List<LogSegment.Commit> commits) {
        byte[] bytes = new byte[pages.size() * PAGE];
        for (int i = 0; i < pages.size(); i++) {
            Arrays.fill(bytes, i * PAGE, (i + 1) * PAGE, content.get(i));
        }
        LogSegment segment =
                new LogSegment(PAGE, commits, pages.stream().mapToInt(it -> it).toArray(), bytes, "");
        tail.add(segment, at(states.size() - 1));
        pages.clear();
        content.clear();
        commits.clear();
    }

    private void shipLarge(int number) {
        int[] pages = new int[1000];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = number * 1000 + i + 1;
        }
        states.add(new TreeMap<>());
        sizes.add(100_000);
        tail.add(
                new LogSegment(
                        PAGE,
                        List.of(new LogSegment.Commit(1000, 100_000, Instant.EPOCH)),
                        pages,
                        new byte[pages.length * PAGE],
                        ""),
                at(states.size() - 1));
    }

    private static LogPosition at(long transaction) {
        return new LogPosition(TIMELINE, transaction);
    }
}
