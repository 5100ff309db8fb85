package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a repository promises of numbers, ids and writers that have not committed. */
abstract class RepositoryClaimTests extends RepositorySubject {

    @Test
    void numbersGrowAndAreNeverUsedTwice() throws Exception {
        SnapshotRepository repository = repository(store);
        List<Long> numbers = new ArrayList<>();
        numbers.add(write(repository, "a", sample(1)).metadata().sequence());
        try (SnapshotWriter unfinished = repository.begin(sequence -> id("b"))) {
            numbers.add(unfinished.sequence());
        }
        numbers.add(write(repository, "c", sample(2)).metadata().sequence());
        repository.delete(id("c"));
        repository.close();
        numbers.add(write(repository(store), "d", sample(3)).metadata().sequence());
        assertEquals(
                numbers.stream().sorted().distinct().toList(),
                numbers,
                "begin: \"numbers grow and neither numbers nor ids are ever used twice\"");
        assertTrue(numbers.get(0) >= 1, "sequence: \"at least 1\"");
    }

    @Test
    void anIdIsNeverUsedTwice() throws Exception {
        SnapshotRepository repository = repository(store);
        write(repository, "kept", sample(1));
        write(repository, "deleted", sample(2));
        repository.delete(id("deleted"));
        repository.begin(sequence -> id("unfinished")).close();
        for (String used : List.of("kept", "deleted", "unfinished")) {
            for (SnapshotRepository each : List.of(repository, repository(store))) {
                assertThrows(
                        SnapshotExistsException.class,
                        () -> each.begin(sequence -> id(used)).close(),
                        () -> "begin: SnapshotExistsException \"if the id is or was in use\": " + used);
            }
        }
        assertReads(repository, "kept", sample(1));
    }

    @Test
    void theIdIsNamedAfterTheNumber() throws Exception {
        AtomicLong last = new AtomicLong();
        try (SnapshotWriter writer = repository(store).begin(sequence -> {
            last.set(sequence);
            return id("snap-" + sequence);
        })) {
            assertEquals(id("snap-" + writer.sequence()), writer.id(), "begin: \"the id for a sequence number\"");
            assertEquals(writer.sequence(), last.get(), "begin: the last call of naming is the one that counts");
        }
    }

    @Test
    void anUnfinishedSnapshotIsNeverListedAsCommitted() throws Exception {
        SnapshotRepository repository = repository(store);
        write(repository, "done", sample(1));
        SnapshotWriter writer = repository.begin(sequence -> id("open"));
        SampleDataset dataset = sample(2);
        writer.write(dataset, dataset.view(), Optional.empty(), (entries, bytes) -> {}, new CancellationToken());
        SnapshotRepository other = repository(store);
        assertEquals(List.of("done"), committed(other), "SnapshotWriter: not listed before it is committed");
        writer.close();
        assertEquals(
                List.of("done"),
                committed(other),
                "SnapshotWriter: \"at most a remnant that is never listed as a snapshot\"");
        for (StoredSnapshot stored : other.list()) {
            assertTrue(
                    stored instanceof StoredSnapshot.Committed || ((StoredSnapshot.Invalid) stored).unfinished(),
                    () -> "Invalid.unfinished: true for one \"whose writer died\": " + stored);
        }
        assertThrows(
                BackupException.class,
                () -> other.read(id("open")).close(),
                "read: what was not committed is not read");
        other.delete(id("open"));
        assertReads(other, "done", sample(1));
    }

    @Test
    void removingARemnantNeverTouchesACommittedSnapshot() throws Exception {
        SnapshotRepository repository = repository(store);
        SnapshotWriter late = repository.begin(sequence -> id("late"));
        SampleDataset dataset = sample(1);
        var written =
                late.write(dataset, dataset.view(), Optional.empty(), (entries, bytes) -> {}, new CancellationToken());
        SnapshotRepository other = repository(store);
        assertTrue(other.list().stream().anyMatch(found -> found.id().equals(id("late"))), "a remnant is listed");
        late.commit(manifest(late, List.of(written)));
        late.close();
        assertEquals(false, other.deleteRemnant(id("late")), "deleteRemnant: \"a snapshot that is committed stays\"");
        assertReads(repository(store), "late", sample(1));
        assertEquals(false, other.deleteRemnant(id("never-was")), "deleteRemnant: there was none");
    }

    @Test
    void aWriterThatRestartsForgetsWhatItWrote() throws Exception {
        SnapshotRepository repository = repository(store);
        try (SnapshotWriter writer = repository.begin(sequence -> id("again"))) {
            for (SampleDataset abandoned :
                    List.of(sample(1), new SampleDataset("only-then", sample(2).entries()))) {
                writer.write(
                        abandoned, abandoned.view(), Optional.empty(), (entries, bytes) -> {}, new CancellationToken());
            }
            long sequence = writer.sequence();
            writer.restart();
            assertEquals(id("again"), writer.id(), "restart: \"under the same id\"");
            assertEquals(sequence, writer.sequence(), "restart: the claimed number stays");
            assertEquals(List.of(), committed(repository), "restart: commits nothing");
            // One content is as before, so that what was forgotten must not be taken for stored.
            commit(
                    writer,
                    new SampleDataset(
                            DATASET, List.of(sample(1).entries().get(1), file("new", BlobStoreSubject.noise(9, 70)))));
        }
        SnapshotRepository later = repository(store);
        assertReads(
                later,
                "again",
                new SampleDataset(
                        DATASET, List.of(sample(1).entries().get(1), file("new", BlobStoreSubject.noise(9, 70)))));
        try (SnapshotReader reader = later.read(id("again"))) {
            assertThrows(
                    InvalidValueException.class,
                    () -> reader.dataset("only-then"),
                    "restart: \"forgets\" what was written");
        }
    }

    @Test
    void manyWritersInTwoRepositoryObjectsGetNumbersOfTheirOwn() throws Exception {
        List<SnapshotRepository> both = List.of(repository(store), repository(store));
        List<List<Long>> numbers = InParallel.run(4, thread -> () -> {
            List<Long> mine = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                try (SnapshotWriter writer = both.get(thread % 2).begin(sequence -> id("snap-" + sequence))) {
                    commit(writer, sample(writer.sequence()));
                    mine.add(writer.sequence());
                }
            }
            return mine;
        });
        Set<Long> distinct = new HashSet<>();
        numbers.forEach(distinct::addAll);
        assertEquals(12, distinct.size(), () -> "begin: \"never used twice, by any process\": " + numbers);
        SnapshotRepository later = repository(store);
        assertEquals(12, committed(later).size(), "commit: all are listed");
        List<Long> order = later.list().stream()
                .map(snapshot ->
                        ((StoredSnapshot.Committed) snapshot).metadata().sequence())
                .toList();
        assertEquals(order.stream().sorted().toList(), order, "list: \"ordered by sequence number\"");
        for (long number : distinct) {
            assertReads(later, "snap-" + number, sample(number));
        }
    }
}
