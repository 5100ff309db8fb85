package dev.cairn.backup.core.point;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.SnapshotManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random transactions with growth and shrinking, and snapshots at random moments: every position reads as the dataset was, in both kinds of repository and both ways to read. */
class EveryPositionTest {

    @Property(tries = 40)
    void everyPositionOfABrowsableRepositoryIsTheModels(@ForAll long seed) {
        check(PagedHost.browsable(), new Random(seed));
    }

    @Property(tries = 25)
    void everyPositionOfAPackedRepositoryIsTheModels(@ForAll long seed) {
        check(PagedHost.packed(), new Random(seed));
    }

    private static void check(PagedHost host, Random random) {
        try (SnapshotManager manager = host.protectedHost()) {
            int size = 6;
            int steps = 3 + random.nextInt(30);
            for (int step = 2; step < steps; step++) {
                host.clock.advance(Duration.ofSeconds(1));
                if (random.nextInt(8) == 0) {
                    manager.create();
                } else {
                    size = transaction(host.data, random, size, step);
                }
            }
            host.uploaded(manager);
            Map<LogPosition, byte[]> states = host.data.states();
            List<RestoreWindow> windows = manager.restoreWindows(PagedDataset.NAME);
            assertEquals(1, windows.size(), windows.toString());
            assertEquals(
                    states.size() - 1L,
                    windows.get(0).last().transaction() - windows.get(0).first().transaction());
            states.forEach((position, content) -> {
                assertArrayEquals(content, host.read(manager, position, PagedDataset::pieces), position.toString());
                assertArrayEquals(content, host.read(manager, position, PagedDataset::stream), position.toString());
                assertArrayEquals(
                        content, host.read(manager, position, PagedDataset::narrowStream), position.toString());
            });
            restoreOne(host, manager, states, random);
        }
    }

    private static void restoreOne(
            PagedHost host, SnapshotManager manager, Map<LogPosition, byte[]> states, Random random) {
        LogPosition any = states.keySet().stream()
                .sorted((a, b) -> Long.compare(a.transaction(), b.transaction()))
                .toList()
                .get(random.nextInt(states.size()));
        RestorePoint point = manager.restorePoint(PagedDataset.NAME, any);
        manager.restore(manager.plan(RestoreRequest.of(point)));
        assertArrayEquals(states.get(any), host.data.content());
        assertTrue(host.data.source().position().isPresent(), "protection goes on");
    }

    /** New pages are mostly written, as databases do; some are only made room for, and then read as zeros. */
    private static int transaction(PagedDataset data, Random random, int size, int step) {
        int next = Math.max(1, size + random.nextInt(9) - 4);
        List<Integer> pages = new ArrayList<>(IntStream.rangeClosed(1, next)
                .filter(page -> page > size ? random.nextInt(6) > 0 : random.nextInt(3) == 0)
                .boxed()
                .toList());
        if (random.nextBoolean()) {
            Collections.shuffle(pages, random);
        }
        data.commit(next, step, pages.stream().mapToInt(Integer::intValue).toArray());
        return next;
    }
}
