package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestoreWindow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One protected ledger whose process is killed again and again: its history goes on exactly, or a gap is told; what was kept can be restored, and no state is wrong. A hundred ledgers with
 * {@code -Dcairn.campaign=continuous}.
 */
class ProtectionKillTest {

    private static final long SEED = Long.getLong("cairn.seed", 20261121);
    private static final int LEDGERS =
            List.of(System.getProperty("cairn.campaign", "").split(",", -1)).contains("continuous") ? 100 : 1;

    @TempDir
    Path temp;

    private final LedgerHistory history = new LedgerHistory();
    private final Map<String, Boolean> timelines = new LinkedHashMap<>();
    private final Map<String, Long> safe = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private int vacuums;

    static LongStream seeds() {
        return LongStream.range(SEED, SEED + LEDGERS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void killedTenTimesInARowTheHistoryGoesOnOrAGapIsTold(long seed) throws Exception {
        Random random = new Random(seed);
        List<ProtectedProcess.Moment> moments = new ArrayList<>(Collections.nCopies(3, ProtectedProcess.Moment.ANY));
        for (ProtectedProcess.Moment moment : ProtectedProcess.Moment.values()) {
            if (moment != ProtectedProcess.Moment.ANY) {
                moments.addAll(List.of(moment, moment));
            }
        }
        moments.remove(ProtectedProcess.Moment.DARK);
        Collections.shuffle(moments, random);
        System.out.println("kills of a protected host: " + moments + " (seed " + seed + ")");
        Ledger.open(temp.resolve("ledger.db")).close();
        for (int era = 1; era <= moments.size(); era++) {
            runAndKill(era, moments.get(era - 1), seed + era, random);
        }
        try (ProtectedLedger host = ProtectedLedger.packed(temp).openProtected();
                LedgerPoints points = new LedgerPoints(host, history)) {
            host.timelines().forEach(begun -> note(begun.timeline(), begun.gap(), begun.why()));
            check(host, points, random);
        }
    }

    private void runAndKill(int era, ProtectedProcess.Moment moment, long seed, Random random) throws Exception {
        String[] arguments = {temp.toString(), "" + era, "" + seed, moment.name()};
        try (ChildJvm child = new ChildJvm(temp, 240, ProtectedProcess.class, arguments)) {
            child.await("MOMENT"::equals);
            Thread.sleep(random.nextInt(moment == ProtectedProcess.Moment.ANY ? 500 : 20));
            child.kill();
            for (String number : child.said("ACK ")) {
                history.acknowledge(era, new Ledger.Committed(Long.parseLong(number), Instant.MIN));
            }
            history.killed(era, LedgerWriters.CONNECTIONS);
            vacuums += child.said("VACUUM").size();
            for (String timeline : child.said("TIMELINE ")) {
                String[] words = timeline.split(" ", 3);
                note(words[0], Boolean.parseBoolean(words[1]), words[2]);
            }
            for (String kept : child.said("SAFE ")) {
                String[] words = kept.split(" ", -1);
                if (words.length == 2 && words[1].length() == 32) {
                    safe.merge(words[1], Long.parseLong(words[0]), Math::max);
                }
            }
        }
    }

    private void note(String timeline, boolean gap, String why) {
        timelines.put(timeline, gap);
        told.add(why);
    }

    private void check(ProtectedLedger host, LedgerPoints points, Random random) throws Exception {
        LogPosition end = host.stored();
        long eachButTheFirst = timelines.values().stream().filter(gap -> gap).count();
        assertEquals(timelines.size() - 1L, eachButTheFirst, () -> "a gap was not told: " + told);
        Map<String, Long> last = new HashMap<>();
        for (RestoreWindow window : host.windows()) {
            String timeline = window.first().timeline();
            assertTrue(timelines.containsKey(timeline), () -> window + " was not told");
            assertEquals(Optional.empty(), window.missing());
            assertEquals(
                    null, last.put(timeline, points.at(window.last()).last()), () -> "a hole in " + host.windows());
            points.checkWindow(window, random, 100 / host.windows().size(), vacuums);
        }
        safe.forEach((timeline, number) -> assertTrue(
                last.containsKey(timeline) && last.get(timeline) >= number,
                () -> "entry " + number + " was kept on " + timeline + ", restorable is " + last));
        LedgerState now = LedgerState.live(host.database);
        assertEquals(now, points.at(end));
        history.assertPrefix(now, "the host's own ledger");
        System.out.println("kills of a protected host: " + points.checked() + " points of " + now.last()
                + " transactions exact, timelines " + told + ", acknowledged and kept " + safe + ", restorable "
                + last);
    }
}
