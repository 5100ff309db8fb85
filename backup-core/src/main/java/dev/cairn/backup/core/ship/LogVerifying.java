package dev.cairn.backup.core.ship;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.spi.SegmentStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Reads the change logs of a dataset back without restoring anything: every segment is decrypted and decoded, and must follow the one before. Names the first break of each timeline and goes on
 * with the next one; a segment is held at a time. Thread-safe.
 *
 * <p>What the chain itself cannot tell is that its end is missing, or that an older state of the whole was put back; therefore the caller says what is known to be stored.
 */
public final class LogVerifying {

    private final SegmentStore store;
    private final InstantSource clock;

    /** Verifies what is in a store. */
    public LogVerifying(SegmentStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Verifies all timelines of a dataset, of every lineage. A timeline whose head cannot be read counts if a segment of it is the dataset's, or if nobody can tell whose it is.
     *
     * @param stored a position up to which the log is known to be in the repository, such as {@link dev.cairn.backup.ProtectionStatus#stored}, asked for before this is called
     * @throws dev.cairn.backup.StoreException if the store cannot be read; that says nothing of the log
     * @throws dev.cairn.backup.BackupCancelledException if it is cancelled
     */
    public LogVerification verify(String dataset, Optional<LogPosition> stored, CancellationToken cancellation) {
        Run run = new Run(dataset, stored, cancellation);
        store.timelines().forEach(run::timeline);
        stored.filter(position -> !run.seen.contains(position.timeline()))
                .ifPresent(position -> run.problems.add("segments/" + position.timeline()
                        + " is missing, although transactions up to " + position.transaction() + " were stored"));
        return new LogVerification(
                dataset, clock.instant(), run.seen.size(), run.segments, run.transactions, run.bytes, run.problems);
    }

    /** One verification. */
    private final class Run {

        private final String dataset;
        private final Optional<LogPosition> stored;
        private final CancellationToken cancellation;
        private final List<String> problems = new ArrayList<>();
        private final List<String> seen = new ArrayList<>();
        private long segments;
        private long transactions;
        private long bytes;

        Run(String dataset, Optional<LogPosition> stored, CancellationToken cancellation) {
            this.dataset = dataset;
            this.stored = stored;
            this.cancellation = cancellation;
        }

        void timeline(String id) {
            SortedMap<Long, Long> numbers = store.list(id);
            if (numbers.isEmpty()) {
                return; // Removed meanwhile.
            }
            Timeline head;
            try {
                head = SegmentForm.timeline(id, store.read(id, 0));
            } catch (DamagedRepositoryException | BlobNotFoundException e) {
                if (ownerOf(id, numbers).filter(owner -> !owner.equals(dataset)).isEmpty()) {
                    seen.add(id);
                    problems.add("the head of timeline " + id + " cannot be used: " + sentence(e));
                }
                return;
            }
            if (head.dataset().equals(dataset)) {
                seen.add(id);
                segments(head, numbers);
            }
        }

        private void segments(Timeline timeline, SortedMap<Long, Long> numbers) {
            LogChain chain = new LogChain(timeline.id());
            for (long number : numbers.keySet()) {
                cancellation.throwIfCancelled("verify");
                try {
                    byte[] body = store.read(timeline.id(), number);
                    chain.next(segment(timeline, number, body), body);
                } catch (BlobNotFoundException e) {
                    if (!wasPruned(timeline, number)) {
                        problems.add(sentence(e));
                        return;
                    }
                    chain.restart();
                } catch (DamagedRepositoryException e) {
                    problems.add(sentence(e));
                    return;
                }
            }
            stored.filter(position -> position.timeline().equals(timeline.id()))
                    .filter(position -> !chain.end().reaches(position))
                    .ifPresent(position -> problems.add("the end of timeline " + timeline.id()
                            + " is missing: transactions up to " + position.transaction()
                            + " were stored, it ends behind "
                            + chain.end().transaction()));
        }

        private SegmentHeader segment(Timeline timeline, long number, byte[] body) {
            SegmentForm.Decoded decoded = SegmentForm.decode(timeline.id(), number, body);
            ChangeLogs.requireOf(timeline, decoded.header());
            segments++;
            transactions += decoded.header().commits().size();
            bytes += decoded.content().content().length;
            return decoded.header();
        }
    }

    /** Whether retention has removed it since the listing: nothing but the head is left before it. */
    private boolean wasPruned(Timeline timeline, long number) {
        return number > 0
                && store.list(timeline.id()).keySet().stream().allMatch(other -> other == 0 || other > number);
    }

    /** Whose a timeline is without a head: what the first segment says that can be read. */
    private Optional<String> ownerOf(String id, SortedMap<Long, Long> numbers) {
        for (long number : numbers.keySet()) {
            try {
                return Optional.of(
                        SegmentForm.header(id, number, store.read(id, number)).dataset());
            } catch (DamagedRepositoryException | BlobNotFoundException e) {
                continue;
            }
        }
        return Optional.empty();
    }

    /** What happened, without what to do next: that is said once, not in each sentence. */
    private static String sentence(BackupException e) {
        String end = ". " + e.nextStep();
        String message = e.getMessage();
        return message.endsWith(end) ? message.substring(0, message.length() - end.length()) : message;
    }
}
