package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link Dataset#prepare}, {@link PreparedCapture} and {@link FrozenView} promise. */
abstract class DatasetCaptureTests extends DatasetSubject {

    @Test
    void nameAndKindAreValidAndStay() throws Exception {
        Dataset dataset = dataset();
        assertTrue(
                dataset.name().matches("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,63}"),
                "name: \"1 to 64 characters of a-z A-Z 0-9 . _ -, not beginning with a dot\": " + dataset.name());
        assertFalse(dataset.kind().isBlank(), "kind: \"what it is\"");
        Dataset again = dataset();
        assertEquals(dataset.name(), again.name(), "name: \"never changed\"");
        assertEquals(dataset.kind(), again.kind(), "kind: the same for the same source");
        assertEquals(dataset.location(), again.location(), "location: the same for the same source");
        assertFalse(dataset.isOptional(), "dataset(): the suite needs one that is not optional");
    }

    @Test
    void makingADatasetAndCapturingItTouchesNothing() throws Exception {
        writeCounter(1);
        String live = liveData();
        var names = names();
        Dataset dataset = dataset();
        assertLive(live, names, "\"making one touches nothing\"");
        MemorySnapshot.take(dataset, capturing());
        assertLive(live, names, "a capture leaves nothing beside the source");
    }

    @Test
    void entriesAreInPathOrderEachOnce() throws Exception {
        MemorySnapshot snapshot = snapshotAt(1);
        assertFalse(snapshot.all().isEmpty(), "a source with a counter yields entries");
        EntryPath last = null;
        Set<String> seen = new HashSet<>();
        for (Entry entry : snapshot.all()) {
            EntryPath previous = last;
            assertTrue(
                    previous == null || previous.compareTo(entry.path()) < 0,
                    () -> "entries: \"in path order, each path once\": " + previous + " before " + entry.path());
            if (entry.type() == EntryType.HARD_LINK) {
                assertTrue(
                        seen.contains(entry.linkTarget().orElseThrow()),
                        () -> "HARD_LINK: \"another name of a file that came earlier\": " + entry.path());
            }
            if (entry.type() == EntryType.FILE) {
                seen.add(entry.path().value());
            }
            last = entry.path();
        }
    }

    @Test
    void aCaptureHoldsWhatWasThereAtTheFreeze() throws Exception {
        assumeTrue(capabilities().pinned(), "the dataset is declared without consistency");
        writeCounter(1);
        Dataset dataset = dataset();
        MemorySnapshot snapshot;
        try (PreparedCapture prepared = prepared(dataset)) {
            writeCounter(2);
            try (FrozenView view = prepared.freeze()) {
                writeCounter(3);
                snapshot = MemorySnapshot.of(dataset, view);
                assertEquals(
                        List.of(),
                        view.changedAfterCut(),
                        "changedAfterCut: \"always empty unless declared without consistency\"");
            }
        }
        writeCounter(4);
        var staged = dataset().stage(snapshot, MapStageContext.create("restore-1"));
        swap(staged);
        staged.finish();
        assertEquals(
                2, readCounter(), "freeze: \"pins the dataset at this instant\": not before (1), not after (3, 4)");
    }

    @Test
    void aFrozenViewOutlivesThePreparedCapture() throws Exception {
        writeCounter(1);
        Dataset dataset = dataset();
        PreparedCapture prepared = prepared(dataset);
        FrozenView view;
        try {
            view = prepared.freeze();
        } finally {
            prepared.close();
        }
        try (view) {
            assertFalse(
                    MemorySnapshot.of(dataset, view).all().isEmpty(),
                    "PreparedCapture.close: \"lets go of everything that was not handed over to a frozen view\"");
        }
    }

    @Test
    void contentsAreOpenedTwiceAndByManyThreads() throws Exception {
        writeCounter(7);
        Dataset dataset = dataset();
        try (PreparedCapture prepared = prepared(dataset);
                FrozenView view = prepared.freeze()) {
            List<Entry> files = new ArrayList<>();
            try (EntryCursor cursor = view.entries()) {
                for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                    if (entry.type() == EntryType.FILE && files.size() < 20) {
                        files.add(entry);
                    }
                }
            }
            List<List<byte[]>> reads = InParallel.run(4, thread -> () -> {
                List<byte[]> bytes = new ArrayList<>();
                for (Entry file : files) {
                    try (InputStream first = file.content().open();
                            InputStream second = file.content().open()) {
                        byte[] whole = first.readAllBytes();
                        assertArrayEquals(
                                whole,
                                second.readAllBytes(),
                                () -> "EntryContent: \"several at a time, and more than once\": " + file.path());
                        bytes.add(whole);
                    }
                }
                return bytes;
            });
            for (int i = 0; i < files.size(); i++) {
                for (List<byte[]> read : reads) {
                    assertArrayEquals(reads.get(0).get(i), read.get(i), "EntryContent: the same from every thread");
                }
            }
        }
    }

    @Test
    void closingIsIdempotentAndLeavesNoScratch() throws Exception {
        writeCounter(1);
        RecordingCaptureContext context = capturing();
        Dataset dataset = dataset();
        PreparedCapture unused = dataset.prepare(context).orElseThrow();
        unused.close();
        unused.close();
        assertEquals(List.of(), context.scratch().held(), "PreparedCapture.close: \"lets go of everything\"");
        PreparedCapture prepared = dataset.prepare(context).orElseThrow();
        FrozenView view = prepared.freeze();
        MemorySnapshot.of(dataset, view);
        InParallel.run(1, thread -> () -> {
            view.close();
            return true;
        });
        view.close();
        prepared.close();
        prepared.close();
        assertEquals(
                List.of(), context.scratch().held(), "FrozenView.close: \"lets the pin go\", with its scratch copies");
    }

    @Test
    void aViewThatIsClosedUnreadLetsGoToo() throws Exception {
        writeCounter(1);
        RecordingCaptureContext context = capturing();
        try (PreparedCapture prepared = dataset().prepare(context).orElseThrow()) {
            prepared.freeze().close();
        }
        assertEquals(
                List.of(), context.scratch().held(), "FrozenView.close: \"lets the pin go\", with its scratch copies");
        writeCounter(2);
        assertEquals(2, readCounter(), "the host goes on");
    }

    @Test
    void identityIsTheSameInEveryProcess() throws Exception {
        writeCounter(1);
        Optional<String> first =
                MemorySnapshot.take(dataset(), capturing()).summary().identity();
        writeCounter(2);
        Optional<String> second =
                MemorySnapshot.take(dataset(), capturing()).summary().identity();
        assertEquals(first, second, "identity: \"must be the same for the same source in every process\"");
    }

    @Test
    void aMissingSourceFailsTheSnapshot() throws Exception {
        Optional<Dataset> missing = missing(false);
        assumeTrue(missing.isPresent(), "a source of this kind cannot be missing");
        SourceException thrown = assertThrows(
                SourceException.class,
                () -> missing.get().prepare(capturing()),
                "prepare: SourceException \"if the source is missing\"");
        assertEquals(missing.get().name(), thrown.dataset(), "the exception names the dataset");
    }

    @Test
    void aMissingOptionalSourceIsAbsent() throws Exception {
        Optional<Dataset> missing = missing(true);
        assumeTrue(missing.isPresent(), "a source of this kind cannot be missing");
        assertTrue(missing.get().isOptional(), "missing(true): the suite needs an optional dataset");
        assertEquals(
                Optional.empty(),
                missing.get().prepare(capturing()),
                "prepare: \"empty if the source is missing and optional\"");
    }

    @Test
    void aCancelledCaptureEndsCleanly() throws Exception {
        writeCounter(1);
        RecordingCaptureContext context = capturing();
        context.cancellation().cancel();
        try {
            MemorySnapshot.take(dataset(), context);
        } catch (BackupCancelledException allowed) {
            // Little data may be captured before anyone asks; more may not.
        }
        assertEquals(List.of(), context.scratch().held(), "a cancelled capture leaves no scratch");
        writeCounter(2);
        assertEquals(2, readCounter(), "the host goes on");
    }

    private PreparedCapture prepared(Dataset dataset) throws Exception {
        return dataset.prepare(capturing())
                .orElseThrow(() -> new AssertionError("prepare: empty for a source that is there"));
    }
}
