package dev.cairn.backup.core.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Removing snapshots and remnants, also beside writers that are not as dead as they seem. */
class DeletionTest {

    private static final SnapshotId ONE = SnapshotId.of("one");
    private static final int MANY_CALLS = 100;

    private final MemoryBlobStore store = new MemoryBlobStore();

    @Test
    void aWriterThatSleptThroughTheRemovalOfItsRemnantCannotCommit() {
        SnapshotWriter asleep = repository(store).begin(sequence -> ONE);
        writeInto(asleep);
        assertTrue(repository(store).delete(ONE));
        StoreException thrown = assertThrows(StoreException.class, () -> Written.commit(asleep));
        assertTrue(thrown.getMessage().contains("one"), thrown.getMessage());
        asleep.close();
        assertEquals(List.of(), repository(store).list());
        assertThrows(SnapshotNotFoundException.class, () -> repository(store).read(ONE));
    }

    @Test
    void whatAFencedWriterWroteAfterwardsIsARemnantThatGoesToo() {
        SnapshotWriter asleep = repository(store).begin(sequence -> ONE);
        writeInto(asleep);
        assertTrue(repository(store).delete(ONE));
        writeInto(asleep); // And now its process dies: it is never closed.
        StoredSnapshot.Invalid remnant =
                (StoredSnapshot.Invalid) repository(store).list().get(0);
        assertTrue(remnant.unfinished());
        assertTrue(repository(store).delete(ONE));
        assertEquals(List.of("one/manifest.json"), names("one"));
        assertFalse(repository(store).delete(ONE));
    }

    @Test
    void aCommitThatComesBetweenLookAndFenceWins() {
        SnapshotWriter writer = repository(store).begin(sequence -> ONE);
        writeInto(writer);
        FaultyBlobStore racing = FaultyBlobStore.over(store);
        racing.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT && call.name().startsWith("one/")) {
                Written.commit(writer, FakeDataset.of("more").file("f", "x"));
            }
        });
        assertThrows(StoreException.class, () -> repository(racing).delete(ONE));
        assertEquals(Map.of("more/f", "x"), Written.contents(repository(store), "one"));
    }

    @Test
    void anIdStaysUsedAfterItsDeletion() {
        Written.snapshot(repository(store), "one", FakeDataset.of("d").file("f", "x"));
        repository(store).delete(ONE);
        assertThrows(SnapshotExistsException.class, () -> repository(store).begin(sequence -> ONE));
    }

    @Test
    void marksGoWithTheirSnapshot() {
        Written.snapshot(repository(store), "one", FakeDataset.of("d").file("f", "x"));
        repository(store).mark(ONE, mark("me"));
        repository(store).delete(ONE);
        assertEquals(List.of(), repository(store).marks(ONE));
        assertEquals(List.of(), names(".cairn/marks"));
    }

    @Test
    void whatIsNotThereCannotBeDeleted() {
        assertFalse(repository(store).delete(SnapshotId.of("none")));
    }

    /** After a failure at any call the snapshot is there, whole, or is a remnant that another call removes; nothing stays behind. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeletionThatFailsAnywhereIsEndedByAnother(boolean committed) {
        for (int call = 1; ; call++) {
            assertTrue(call < MANY_CALLS, "a deletion ends");
            MemoryBlobStore memory = new MemoryBlobStore();
            prepare(memory, committed);
            FaultyBlobStore faulty = FaultyBlobStore.over(memory);
            BrowsableRepository failing = repository(faulty);
            failing.open();
            faulty.failAt(faulty.calls() + call);
            boolean deleted = deleted(failing);
            assertWholeOrRemnant(memory, committed, "failure at call " + call);
            while (repository(memory).delete(ONE)) {
                // Once more than needed.
            }
            assertEquals(List.of(), repository(memory).list(), "failure at call " + call);
            assertEquals(
                    List.of(),
                    memory.list("one").stream()
                            .map(BlobInfo::name)
                            .filter(name -> !name.equals(Written.manifest("one")))
                            .toList(),
                    "failure at call " + call + ": content stays behind");
            assertEquals(List.of(), repository(memory).marks(ONE), "failure at call " + call + ": marks stay behind");
            assertThrows(SnapshotExistsException.class, () -> repository(memory).begin(sequence -> ONE));
            if (deleted) {
                return;
            }
        }
    }

    private static void prepare(MemoryBlobStore memory, boolean committed) {
        SnapshotWriter writer = repository(memory).begin(sequence -> ONE);
        if (committed) {
            Written.commit(writer, FakeDataset.of("d").file("f", "x").file("g", "y"));
            repository(memory).mark(ONE, mark("me"));
            repository(memory).mark(ONE, mark("you"));
        } else {
            writeInto(writer);
        }
    }

    private static boolean deleted(BrowsableRepository repository) {
        try {
            return repository.delete(ONE);
        } catch (BackupException e) {
            return false;
        }
    }

    private static void assertWholeOrRemnant(MemoryBlobStore memory, boolean committed, String when) {
        List<StoredSnapshot> listed = repository(memory).list();
        if (!listed.isEmpty() && listed.get(0) instanceof StoredSnapshot.Committed) {
            assertTrue(committed, when);
            assertEquals(Map.of("d/f", "x", "d/g", "y"), Written.contents(repository(memory), "one"), when);
            assertEquals(2, repository(memory).marks(ONE).size(), when);
        }
    }

    /** A store may answer EXISTS for its caller's own blob, from a call whose answer was lost and which it tried again. */
    @Test
    void aWriterRecognisesItsOwnManifest() {
        FaultyBlobStore twice = FaultyBlobStore.over(store);
        SnapshotWriter writer = repository(new RetryingStore(twice)).begin(sequence -> ONE);
        Written.commit(writer, FakeDataset.of("d").file("f", "x"));
        writer.close();
        assertEquals(Map.of("d/f", "x"), Written.contents(repository(store), "one"));
    }

    @ParameterizedTest
    @EnumSource(FaultyBlobStore.Tear.class)
    void aCommitWhoseAnswerIsLostNeverLosesTheContentOfAListedSnapshot(FaultyBlobStore.Tear tear) {
        FaultyBlobStore faulty = FaultyBlobStore.over(store);
        faulty.onCall(call -> {
            if (call.operation() == FaultyBlobStore.Operation.PUT && call.name().equals("one/manifest.json")) {
                faulty.tearAt(call.ofOperation(), tear);
            }
        });
        try (SnapshotWriter writer = repository(faulty).begin(sequence -> ONE)) {
            assertThrows(
                    StoreException.class,
                    () -> Written.commit(writer, FakeDataset.of("d").file("f", "x")));
        }
        List<StoredSnapshot> listed = repository(store).list();
        boolean stored = tear == FaultyBlobStore.Tear.STORED_UNKNOWN || tear == FaultyBlobStore.Tear.STORED_BUT_FAILS;
        assertEquals(stored, listed.stream().anyMatch(StoredSnapshot.Committed.class::isInstance));
        if (stored) {
            assertEquals(Map.of("d/f", "x"), Written.contents(repository(store), "one"));
        }
    }

    /** Tries each put again as if the first answer had been lost. */
    private static final class RetryingStore extends dev.cairn.backup.core.operate.ForwardingStore {

        RetryingStore(dev.cairn.backup.spi.BlobStore delegate) {
            super(delegate);
        }

        @Override
        public dev.cairn.backup.spi.PutOutcome putIfAbsent(BlobName name, BlobContent content) {
            if (name.lastComponent().equals("manifest.json")) {
                super.putIfAbsent(name, content);
            }
            return super.putIfAbsent(name, content);
        }
    }

    private static void writeInto(SnapshotWriter writer) {
        FakeDataset dataset = FakeDataset.of("late").file("f" + System.nanoTime(), "x");
        try (var prepared = dataset.prepare(Written.context(writer.id())).orElseThrow();
                var view = prepared.freeze()) {
            DatasetSummary written = writer.write(
                    dataset, view, Optional.empty(), (entries, bytes) -> {}, new dev.cairn.backup.CancellationToken());
            assertEquals(1, written.entries());
        }
    }

    private static Mark mark(String holder) {
        return new Mark(Mark.Kind.PINNED, holder, Instant.EPOCH, "why");
    }

    private static BrowsableRepository repository(dev.cairn.backup.spi.BlobStore store) {
        return BrowsableRepository.at(store);
    }

    private List<String> names(String folder) {
        return store.list(folder).stream().map(blob -> blob.name().value()).toList();
    }
}
