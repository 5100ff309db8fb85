package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a repository promises while nothing goes wrong with its store. */
abstract class RepositoryWriteTests extends RepositoryClaimTests {

    @Test
    void anEmptyRepositoryIsOpenedTwiceAndListsNothing() throws Exception {
        SnapshotRepository repository = repository(store);
        repository.open();
        assertEquals(List.of(), repository.list(), "list: nothing was written");
        assertEquals(
                List.of(), repository(store).list(), "open: \"makes the repository if there is none, or checks\" it");
        assertFalse(repository.describe().isBlank(), "describe: \"a short description for messages\"");
    }

    @Test
    void aCommittedSnapshotIsListedAndReadWithItsManifest() throws Exception {
        SnapshotManifest manifest = write(repository(store), "snap-1", sample(1));
        SnapshotRepository later = repository(store);
        assertEquals(
                List.of(new StoredSnapshot.Committed(manifest.metadata())),
                later.list(),
                "commit: \"when this returns it is durable and listed\"");
        assertTrue(later.isCommitted(id("snap-1")), "isCommitted: \"whether there is a committed snapshot\"");
        assertFalse(later.isCommitted(id("snap-2")), "isCommitted: there is none of that id");
        assertReads(later, "snap-1", sample(1));
        try (SnapshotReader reader = later.read(id("snap-1"))) {
            assertEquals(manifest, reader.manifest(), "manifest: \"as it was committed\"");
            assertThrows(
                    InvalidValueException.class,
                    () -> reader.dataset("other"),
                    "dataset: \"if the snapshot has none of that name\"");
        }
        DatasetSummary summary = manifest.metadata().datasets().get(0);
        assertEquals(
                new DatasetSummary(
                        DATASET,
                        SampleDataset.KIND,
                        true,
                        4,
                        3_040,
                        Optional.of("sample-source"),
                        Map.of("rows", 12L),
                        Optional.of(SampleDataset.LOG)),
                summary,
                "write: answers \"what was stored, for the manifest\"");
    }

    @Test
    void everyKindOfEntryIsReadAsItWasWritten() throws Exception {
        SampleDataset odd = new SampleDataset(DATASET, oddEntries());
        SampleDataset second = new SampleDataset("second", List.of(file("only", BlobStoreSubject.noise(5, 100))));
        SampleDataset none = new SampleDataset("none", List.of());
        write(repository(store), "odd", odd, second, none);
        assertReads(repository(store), "odd", odd, second, none);
    }

    private static List<Entry> oddEntries() {
        EntryAttributes full = new EntryAttributes(
                Optional.of(Instant.parse("1969-12-31T23:59:59.000000001Z")),
                OptionalInt.of(0),
                Optional.of("ownér"),
                Optional.of("group name"),
                Optional.of(new EntryAttributes.Identity(Instant.parse("2025-01-01T00:00:00Z"), "dev=1 ino=2")));
        List<Entry> entries = new ArrayList<>();
        entries.add(Entry.directory(EntryPath.ROOT, EntryAttributes.of(null, 0700)));
        entries.add(Entry.directory(EntryPath.of("dir"), full));
        entries.add(file("dir/first", BlobStoreSubject.noise(2, 500)));
        entries.add(Entry.hardLink(EntryPath.of("dir/other name"), full, EntryPath.of("dir/first")));
        entries.add(Entry.symlink(EntryPath.of("dir/up"), EntryAttributes.NONE, "../../ anything goes: \\ \u00e9"));
        entries.add(file("large-noise", BlobStoreSubject.noise(3, 3 << 20)));
        entries.add(file("large-zeros", new byte[2_500_000]));
        entries.add(file("same-as-large", BlobStoreSubject.noise(3, 3 << 20)));
        entries.add(file("empty", new byte[0]));
        for (String name : List.of(
                " leading and trailing ",
                "..hidden",
                ".dot",
                "trailing.",
                "trailing..",
                "aux.c",
                "CON",
                "nul.txt",
                "%41",
                "A",
                "a",
                "c:colon",
                "back\\slash",
                "new\nline",
                "quote\"'`$",
                "~tilde",
                "\u65e5\u672c\u8a9e",
                "e\u0301 \u00e9",
                "\ud83d\ude00",
                "x".repeat(255),
                "manifest.json",
                "snapshot")) {
            entries.add(file("names/" + name, BlobStoreSubject.noise(name.hashCode(), 20)));
        }
        entries.add(file("deep/" + "d/".repeat(200) + "leaf", BlobStoreSubject.noise(4, 10)));
        return entries;
    }

    @Test
    void whatDoesNotExistIsNotFound() throws Exception {
        SnapshotRepository repository = repository(store);
        SnapshotId none = id("none");
        assertThrows(
                SnapshotNotFoundException.class,
                () -> repository.read(none).close(),
                "read: \"if there is nothing of that id\"");
        assertFalse(repository.delete(none), "delete: answers \"whether there was anything to remove\"");
        assertEquals(List.of(), repository.marks(none), "marks: \"empty if there are none or no such snapshot\"");
        assertFalse(repository.unmark(none, Mark.Kind.PINNED, "me"), "unmark: \"tells whether there was one\"");
    }

    @Test
    void deletingRemovesOneSnapshotAndItsMarks() throws Exception {
        SnapshotRepository repository = repository(store);
        write(repository, "one", sample(1));
        // The second holds the same content, so that what is shared must outlive the first.
        write(repository, "two", sample(1));
        repository.mark(id("one"), mark(Mark.Kind.PINNED, "me", "because"));
        assertTrue(repository.delete(id("one")), "delete: answers \"whether there was anything to remove\"");
        assertEquals(List.of("two"), committed(repository), "delete: \"removes a snapshot\"");
        assertEquals(List.of(), repository.marks(id("one")), "delete: \"its marks go with it\"");
        assertThrows(
                SnapshotNotFoundException.class,
                () -> repository.read(id("one")).close(),
                "read: \"if there is nothing of that id\"");
        assertReads(repository(store), "two", sample(1));
        while (repository.delete(id("one"))) {
            // Remnants may take more than one call.
        }
        assertReads(repository, "two", sample(1));
    }

    @Test
    void marksAreAddedReplacedAndRemoved() throws Exception {
        SnapshotRepository repository = repository(store);
        write(repository, "one", sample(1));
        write(repository, "two", sample(2));
        Mark pinned = mark(Mark.Kind.PINNED, "me", "first");
        Mark other = mark(Mark.Kind.PINNED, "you.and-me_2", "also, \"quoted\" é");
        Mark suspect = mark(Mark.Kind.SUSPECT, "me", "it shrank");
        repository.mark(id("one"), pinned);
        repository.mark(id("one"), other);
        repository.mark(id("one"), suspect);
        SnapshotRepository later = repository(store);
        assertEquals(
                Set.of(pinned, other, suspect),
                Set.copyOf(later.marks(id("one"))),
                "mark: \"durable when it returns\"");
        assertEquals(List.of(), later.marks(id("two")), "marks: of this snapshot only");
        Mark again = mark(Mark.Kind.PINNED, "me", "second");
        later.mark(id("one"), again);
        later.mark(id("one"), again);
        assertEquals(3, later.marks(id("one")).size(), "mark: \"one of the same kind and holder is replaced\"");
        assertEquals(
                Set.of(again, other, suspect),
                Set.copyOf(repository.marks(id("one"))),
                "mark: replaced for every object on the store");
        assertTrue(repository.unmark(id("one"), Mark.Kind.PINNED, "me"), "unmark: \"tells whether there was one\"");
        assertFalse(repository.unmark(id("one"), Mark.Kind.PINNED, "me"), "unmark: \"tells whether there was one\"");
        assertEquals(Set.of(other, suspect), Set.copyOf(later.marks(id("one"))), "unmark: removes only that one");
        repository.mark(id("one"), pinned);
        assertEquals(
                Set.of(pinned, other, suspect),
                Set.copyOf(later.marks(id("one"))),
                "mark: may be set again after it was removed");
    }

    private static Mark mark(Mark.Kind kind, String holder, String reason) {
        return new Mark(kind, holder, Instant.parse("2026-03-04T05:06:07Z"), reason);
    }

    @Test
    void aSnapshotIsReadByManyThreads() throws Exception {
        write(repository(store), "one", sample(1));
        SnapshotRepository repository = repository(store);
        InParallel.run(4, thread -> () -> {
            for (int i = 0; i < 3; i++) {
                assertReads(repository, "one", sample(1));
            }
            return true;
        });
    }

    @Test
    void aCancelledWriteIsNotListed() throws Exception {
        SnapshotRepository repository = repository(store);
        CancellationToken token = new CancellationToken();
        SampleDataset dataset = new SampleDataset(DATASET, manyFiles(token::cancel));
        try (SnapshotWriter writer = repository.begin(sequence -> id("cancelled"))) {
            assertThrows(
                    BackupCancelledException.class,
                    () -> writer.write(dataset, dataset.view(), Optional.empty(), (entries, bytes) -> {}, token),
                    "write: asked to stop, with 64 MiB to go, it stops");
        }
        assertEquals(List.of(), committed(repository), "a cancelled snapshot is not listed");
        write(repository, "next", sample(1));
        assertReads(repository, "next", sample(1));
    }

    @Test
    void anInterruptedWriteKeepsTheFlagAndIsNotListed() throws Exception {
        SnapshotRepository repository = repository(store);
        Thread caller = Thread.currentThread();
        SampleDataset dataset = new SampleDataset(DATASET, manyFiles(caller::interrupt));
        try (SnapshotWriter writer = repository.begin(sequence -> id("interrupted"))) {
            assertThrows(
                    BackupException.class,
                    () -> writer.write(
                            dataset, dataset.view(), Optional.empty(), (entries, bytes) -> {}, new CancellationToken()),
                    "write: \"a thread's interrupt counts too\", with 64 MiB to go");
            assertTrue(Thread.interrupted(), "\"its flag stays set\"");
        } finally {
            Thread.interrupted();
        }
        assertEquals(List.of(), committed(repository), "an interrupted snapshot is not listed");
    }

    @Test
    void aSourceThatCannotBeReadFailsTheSnapshot() throws Exception {
        SnapshotRepository repository = repository(store);
        Entry bad = Entry.file(EntryPath.of("m"), 10, EntryAttributes.NONE, () -> {
            throw new IOException("the source is gone");
        });
        SampleDataset dataset = new SampleDataset(
                DATASET,
                List.of(file("a", BlobStoreSubject.noise(1, 50)), bad, file("z", BlobStoreSubject.noise(2, 50))));
        try (SnapshotWriter writer = repository.begin(sequence -> id("bad"))) {
            assertThrows(
                    BackupException.class,
                    () -> writer.write(
                            dataset, dataset.view(), Optional.empty(), (entries, bytes) -> {}, new CancellationToken()),
                    "write: a source that cannot be read is a typed error");
        }
        assertEquals(List.of(), committed(repository), "nothing half captured is ever listed");
    }

    /** 64 files of 1 MiB; the step runs when the second is opened. */
    private static List<Entry> manyFiles(Runnable atSecond) {
        List<Entry> entries = new ArrayList<>();
        byte[] bytes = BlobStoreSubject.noise(1, 1 << 20);
        for (int i = 0; i < 64; i++) {
            int number = i;
            entries.add(Entry.file(EntryPath.of("f%02d".formatted(i)), bytes.length, EntryAttributes.NONE, () -> {
                if (number == 1) {
                    atSecond.run();
                }
                byte[] own = bytes.clone();
                own[0] = (byte) number;
                return new ByteArrayInputStream(own);
            }));
        }
        return entries;
    }
}
