package dev.cairn.backup.core.mark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkFilesTest {

    private static final SnapshotId ID = SnapshotId.of("snap-1");
    private final MemoryBlobStore store = new MemoryBlobStore();
    private final MarkFiles marks = new MarkFiles(store, ".cairn/marks", MarkFiles.Body.PLAIN);

    @ParameterizedTest
    @ValueSource(strings = {"operator", "a.b_c-d", "con", "NUL", "nul.txt", "a.", "..", ".", "x.y."})
    void everyAllowedHolderIsReadBackAsItWas(String holder) {
        Mark mark = mark(Mark.Kind.PINNED, holder, "why");
        marks.put(ID, mark);
        assertEquals(List.of(mark), marks.of(ID));
        assertTrue(marks.remove(ID, Mark.Kind.PINNED, holder));
        assertEquals(List.of(), marks.of(ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "\u00e4", "%", "+"})
    void anyOtherHolderIsRefused(String holder) {
        InvalidValueException thrown =
                assertThrows(InvalidValueException.class, () -> marks.put(ID, mark(Mark.Kind.PINNED, holder, "why")));
        assertTrue(thrown.getMessage().contains("'" + holder + "'"), thrown.getMessage());
    }

    @Test
    void aDamagedBodyNeverHidesAPin() {
        marks.put(ID, mark(Mark.Kind.PINNED, "me", "why"));
        var blob = store.list(".cairn/marks").get(0).name();
        for (byte[] body :
                List.of(new byte[0], new byte[] {'{'}, "null".getBytes(), "{\"at\":3}".getBytes(), new byte[] {0, 1})) {
            store.damage(blob, body);
            assertEquals(Mark.Kind.PINNED, marks.of(ID).get(0).kind());
            assertEquals("me", marks.of(ID).get(0).holder());
        }
    }

    @Test
    void aMarkThatIsReplacedWhileItIsReadIsReadAgain() {
        marks.put(ID, mark(Mark.Kind.VERIFIED, "cairn", "first"));
        AtomicBoolean once = new AtomicBoolean();
        FaultyBlobStore racing = FaultyBlobStore.over(store).onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.READ && once.compareAndSet(false, true)) {
                marks.put(ID, mark(Mark.Kind.VERIFIED, "cairn", "second"));
            }
        });
        assertEquals(
                List.of(mark(Mark.Kind.VERIFIED, "cairn", "second")),
                new MarkFiles(racing, ".cairn/marks", MarkFiles.Body.PLAIN).of(ID));
    }

    @Test
    void aPinStandsAtEachMomentOfItsReplacement() {
        for (int call = 1; call < 20; call++) {
            MemoryBlobStore memory = new MemoryBlobStore();
            new MarkFiles(memory, ".cairn/marks", MarkFiles.Body.PLAIN).put(ID, mark(Mark.Kind.PINNED, "me", "first"));
            FaultyBlobStore faulty = FaultyBlobStore.over(memory).failFrom(call);
            try {
                new MarkFiles(faulty, ".cairn/marks", MarkFiles.Body.PLAIN)
                        .put(ID, mark(Mark.Kind.PINNED, "me", "second"));
            } catch (BackupException expected) {
                // The store went away.
            }
            assertEquals(
                    1,
                    new MarkFiles(memory, ".cairn/marks", MarkFiles.Body.PLAIN)
                            .of(ID)
                            .size(),
                    "gone away at call " + call);
        }
    }

    @ParameterizedTest
    @EnumSource(FaultyBlobStore.Tear.class)
    void aMarkWhoseAnswerIsLostFailsAndMaySetAgain(FaultyBlobStore.Tear tear) {
        FaultyBlobStore faulty = FaultyBlobStore.over(store).tearAt(1, tear);
        MarkFiles torn = new MarkFiles(faulty, ".cairn/marks", MarkFiles.Body.PLAIN);
        Mark mark = mark(Mark.Kind.PINNED, "me", "why");
        assertThrows(BackupException.class, () -> torn.put(ID, mark));
        torn.put(ID, mark);
        assertEquals(List.of(mark), marks.of(ID));
    }

    @Test
    void whatIsNoMarkIsPassedOver() {
        store.putIfAbsent(
                dev.cairn.backup.spi.BlobName.of(".cairn/marks/snap-1/UNKNOWN/me/1"),
                dev.cairn.backup.spi.BlobContent.of("{}"));
        store.putIfAbsent(
                dev.cairn.backup.spi.BlobName.of(".cairn/marks/snap-1/stray"),
                dev.cairn.backup.spi.BlobContent.of("{}"));
        assertEquals(List.of(), marks.of(ID));
    }

    private static Mark mark(Mark.Kind kind, String holder, String reason) {
        return new Mark(kind, holder, Instant.parse("2026-01-01T00:00:00Z"), reason);
    }
}
