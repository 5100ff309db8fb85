package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.RestorePoint;
import dev.cairn.backup.RestoreWindow;
import dev.cairn.backup.core.point.RestorePoints;
import dev.cairn.backup.core.ship.ChangeLogs;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Reads points out of a repository, each into a file that SQLite opens, and holds each against what the host has acknowledged. For one thread. */
final class LedgerPoints implements AutoCloseable {

    private final ProtectedLedger host;
    private final LedgerHistory history;
    private final SnapshotRepository repository;
    private final RestorePoints points;
    private final Map<String, TreeMap<Long, Long>> seen = new HashMap<>();
    private int checked;

    LedgerPoints(ProtectedLedger host, LedgerHistory history) {
        this.host = host;
        this.history = history;
        this.repository = host.form.apply(FileBlobStore.at(host.folder.resolve("repository")));
        repository.open();
        this.points = new RestorePoints(repository.segments().map(ChangeLogs::new), List::of);
    }

    /** How many states were read and held against the acknowledged ones. */
    int checked() {
        return checked;
    }

    /** Both ends of a window and so many random points in it, by transaction and by time in turn. */
    void checkWindow(RestoreWindow window, Random random, int count, int vacuums) throws IOException, SQLException {
        at(window.first());
        at(window.last());
        for (int i = 0; i < count; i++) {
            if (i % 2 == 0) {
                at(random(window, random));
            } else {
                at(window, time(window, random));
            }
        }
        assertEachTransactionCounts(window, vacuums);
    }

    /** A random position in it. */
    static LogPosition random(RestoreWindow window, Random random) {
        long more = window.last().transaction() - window.first().transaction() + 1;
        return new LogPosition(
                window.first().timeline(), window.first().transaction() + (long) (random.nextDouble() * more));
    }

    private static Instant time(RestoreWindow window, Random random) {
        long span = Duration.between(window.from(), window.to()).toNanos();
        return window.from().plusNanos((long) (random.nextDouble() * span));
    }

    /** The state behind a transaction. */
    LedgerState at(LogPosition position) throws IOException, SQLException {
        RestorePoint point = host.manager().restorePoint(ProtectedLedger.NAME, position);
        assertEquals(position, point.position());
        return check(point);
    }

    /** The state at a time: exactly the last one seen by then, and without any transaction that was not even begun to be committed then. */
    LedgerState at(RestoreWindow window, Instant time) throws IOException, SQLException {
        RestorePoint point = host.manager().restorePoint(ProtectedLedger.NAME, time);
        LogPosition position = point.position();
        assertTrue(!point.seenAt().isAfter(time) || isOfItsBase(point), () -> point + " at " + time);
        if (position.timeline().equals(window.last().timeline()) && !position.equals(window.last())) {
            RestorePoint next = host.manager()
                    .restorePoint(
                            ProtectedLedger.NAME, new LogPosition(position.timeline(), position.transaction() + 1));
            assertTrue(next.seenAt().isAfter(time), () -> next + " belongs to " + time + " as well");
        }
        LedgerState state = check(point);
        if (!state.spans().isEmpty()) {
            LedgerState.Span span = state.spans().get(state.spans().size() - 1);
            Instant committing = history.committing(span.era(), span.last());
            assertTrue(
                    committing == null || !committing.isAfter(time),
                    () -> span + " is in the state at " + time + ", and was committed after " + committing);
        }
        return state;
    }

    /** Then it tells when the base was taken, although the transaction may be older. */
    private boolean isOfItsBase(RestorePoint point) {
        return host.manager()
                .get(point.base())
                .dataset(point.dataset())
                .flatMap(DatasetSummary::log)
                .equals(Optional.of(point.position()));
    }

    private LedgerState check(RestorePoint point) throws IOException, SQLException {
        Path file = host.folder.resolve("point-" + checked + ".db");
        write(point, file);
        LedgerState state = LedgerState.of(file);
        Files.delete(file);
        history.assertPrefix(state, point.toString());
        seen.computeIfAbsent(point.position().timeline(), unknown -> new TreeMap<>())
                .put(point.position().transaction(), state.last());
        checked++;
        return state;
    }

    /** Each way to read in turn: as pieces in any order, and from the beginning to the end. */
    private void write(RestorePoint point, Path file) throws IOException {
        try (SnapshotReader snapshot = points.read(repository.read(point.base()), point)) {
            DatasetReader reader = snapshot.dataset(ProtectedLedger.NAME);
            Entry entry = only(reader);
            if (checked % 4 == 3) {
                try (InputStream in = entry.content().open()) {
                    Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                }
            } else {
                try (FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    reader.contents(
                            List.of(entry),
                            (ignored, position, bytes, offset, length) ->
                                    channel.write(ByteBuffer.wrap(bytes, offset, length), position),
                            new CancellationToken());
                }
            }
            assertEquals(entry.size(), Files.size(file), point.toString());
        }
    }

    private static Entry only(DatasetReader reader) {
        try (EntryCursor entries = reader.entries()) {
            return entries.next();
        }
    }

    /** Each position is one transaction: of the ledger, or one of those that change nothing in it. */
    private void assertEachTransactionCounts(RestoreWindow window, int vacuums) {
        TreeMap<Long, Long> numbers = seen.get(window.first().timeline());
        long others = 0;
        long position = numbers.firstKey();
        long number = numbers.get(position);
        for (Map.Entry<Long, Long> next : numbers.entrySet()) {
            long transactions = next.getKey() - position;
            long entries = next.getValue() - number;
            assertTrue(
                    entries >= 0 && entries <= transactions,
                    () -> "after " + transactions + " transactions " + entries + " more entries in " + numbers);
            others += transactions - entries;
            position = next.getKey();
            number = next.getValue();
        }
        long silent = others;
        assertTrue(
                silent <= vacuums, () -> silent + " positions without an entry, " + vacuums + " VACUUMs in " + window);
    }

    @Override
    public void close() {
        repository.close();
    }
}
