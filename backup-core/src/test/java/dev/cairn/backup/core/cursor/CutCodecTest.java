package dev.cairn.backup.core.cursor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.cursor.CursorWatermarks;
import dev.cairn.backup.cursor.EventKey;
import dev.cairn.backup.cursor.SeenEvent;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.cursor.SourceCursor;
import dev.cairn.backup.cursor.SourceSightings;
import dev.cairn.backup.cursor.StateDedup;
import dev.cairn.backup.cursor.TimelineEpoch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Cuts as a snapshot stores them. */
class CutCodecTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456789Z");
    private final CutCodec codec = new CutCodec();

    private byte[] encode(SnapshotCut cut) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        codec.encode(cut, out);
        return out.toByteArray();
    }

    private static SourceSightings sightings(String source, int events) {
        List<SeenEvent> seen = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            seen.add(new SeenEvent(new EventKey(source, "session \"1\"", "e\"" + i), NOW.plusNanos(i)));
        }
        return new SourceSightings(NOW, seen);
    }

    @Provide
    Arbitrary<SnapshotCut> cuts() {
        Arbitrary<SourceCursor> cursors = Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(0))
                .as((a, b, c) -> {
                    long[] sorted = {a, b, c};
                    Arrays.sort(sorted);
                    return new SourceCursor("incarnation", sorted[0], new CursorWatermarks(sorted[2], sorted[1]));
                });
        Arbitrary<Map<String, SourceCursor>> sources = Arbitraries.maps(
                        Arbitraries.of("a", "b", "Ünï", "with space"), cursors)
                .ofMaxSize(4);
        return Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(1),
                        sources,
                        Arbitraries.integers().between(0, 5))
                .as((epoch, all, events) -> new SnapshotCut(
                        new TimelineEpoch(epoch), all, new StateDedup(Map.of("a", sightings("a", events)))));
    }

    @Property(tries = 300)
    void aCutComesBackAsItWasAndItsHeadWithoutTheEvents(@ForAll("cuts") SnapshotCut cut) throws IOException {
        byte[] bytes = encode(cut);
        assertEquals(cut, codec.decode(new ByteArrayInputStream(bytes), 1));
        assertEquals(
                new SnapshotCut(cut.epoch(), cut.cursors(), StateDedup.empty()),
                codec.decodeHead(new ByteArrayInputStream(bytes)));
    }

    @Test
    void everyCutOfTheBytesIsAnError() throws IOException {
        byte[] bytes = encode(new SnapshotCut(
                TimelineEpoch.first(),
                Map.of("a", SourceCursor.start("1")),
                new StateDedup(Map.of("a", sightings("a", 3)))));
        String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        int wholeHead = text.indexOf('\n') + 1;
        for (int i = 0; i < bytes.length; i++) {
            byte[] cut = Arrays.copyOf(bytes, i);
            if (i != wholeHead) { // A cut without any dedup is one, too; the snapshot's own checks tell them apart.
                assertThrows(IOException.class, () -> codec.decode(new ByteArrayInputStream(cut), 1), "at " + i);
            }
        }
    }

    @Property(tries = 2000)
    void anyBytesAreACutOrAnError(@ForAll byte[] bytes) {
        try {
            codec.decode(new ByteArrayInputStream(bytes), 1);
        } catch (IOException | BackupException e) {
            assertTrue(e.getMessage() != null);
        }
    }

    @Test
    void moreEventsThanAWindowRemembersAreRefusedBeforeTheyAreRead() {
        String head = "{\"epoch\":1,\"cursors\":[]}\n";
        String source = "{\"source\":\"%s\",\"horizon\":\"2026-01-01T00:00:00Z\",\"events\":%d}\n";
        for (String text : List.of(
                head + source.formatted("a", Long.MAX_VALUE),
                head + source.formatted("a", -1),
                head + source.formatted("a", 0) + source.formatted("a", 0))) {
            IOException refused = assertThrows(
                    IOException.class,
                    () -> codec.decode(
                            new ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)), 1));
            assertTrue(!refused.getMessage().contains("ends too early"), refused.getMessage());
        }
    }
}
