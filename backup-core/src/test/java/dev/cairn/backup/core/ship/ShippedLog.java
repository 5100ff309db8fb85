package dev.cairn.backup.core.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A process that ships the log of one dataset, with a source that does what the test says. */
final class ShippedLog implements AutoCloseable, ShippingListener {

    static final String DATASET = "memory";
    static final String LINEAGE = "lineage-1";
    private static final Duration LONG = Duration.ofMinutes(2);

    final SettableClock clock = SettableClock.at(Logged.BEGIN);
    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    final List<String> basesWanted = Collections.synchronizedList(new ArrayList<>());
    final SegmentStore store;
    final LogShipper shipper;
    final DatasetShipping shipping;
    volatile RuntimeException stateFailure;
    volatile ContinuousSource.State state = new ContinuousSource.State(true, 4711, Optional.empty());

    ShippedLog(SegmentStore store, BlobStore spool) {
        this(store, spool, 1 << 20);
    }

    ShippedLog(SegmentStore store, BlobStore spool, long spoolBytes) {
        this.store = store;
        this.shipper = LogShipper.open(store, spool, LINEAGE, clock, ShippedLog::daemon);
        this.shipping = shipper.of(DATASET, new Source(spoolBytes), basesWanted::add, this);
    }

    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "test uploader");
        thread.setDaemon(true);
        return thread;
    }

    /** Whether all that is kept came into the repository. */
    boolean drain() {
        return shipper.drain(LONG);
    }

    /** Waits until so many things were told: another thread may still be telling what this one has seen. */
    void awaitEvents(int count) {
        long start = System.nanoTime();
        while (events.size() < count) {
            if (System.nanoTime() - start > LONG.toNanos()) {
                throw new AssertionError("told was only " + events);
            }
            Thread.onSpinWait();
        }
    }

    /** Waits until the repository is known not to take what waits. */
    void awaitProblem() {
        long start = System.nanoTime();
        while (shipper.problem().isEmpty()) {
            if (System.nanoTime() - start > LONG.toNanos()) {
                throw new AssertionError("no upload has failed");
            }
            Thread.onSpinWait();
        }
    }

    LogPosition begin(String why) {
        return shipping.begin(512, "resume 0", why, false);
    }

    LogPosition keep(LogSegment segment) {
        return shipping.keep(segment);
    }

    /** Goes on where an earlier process ended, and keeps a segment of one transaction. */
    LogPosition keepNext() {
        LogShipping.Last last = shipping.last().orElseThrow();
        return keep(Logged.transactions(last.position().transaction() + 1, 1));
    }

    /** As a process that is killed: nothing of it runs on. */
    @Override
    public void close() {
        shipper.close();
    }

    @Override
    public void begun(Timeline timeline) {
        events.add("begun: " + timeline.why());
    }

    @Override
    public void changed(ProtectionStatus status) {
        events.add(status.state().name());
    }

    @Override
    public void lost(String timeline, String problem) {
        events.add("lost: " + problem);
    }

    private final class Source implements ContinuousSource {

        private final long spoolBytes;

        Source(long spoolBytes) {
            this.spoolBytes = spoolBytes;
        }

        @Override
        public Limits limits() {
            return new Limits(spoolBytes, Duration.ofDays(7), 1 << 28, Duration.ofMillis(250));
        }

        @Override
        public State state() {
            if (stateFailure != null) {
                throw stateFailure;
            }
            return state;
        }

        @Override
        public void start(LogShipping with) {
            throw new AssertionError("the shipping starts nothing");
        }

        @Override
        public void pause() {
            throw new AssertionError("the shipping pauses nothing");
        }

        @Override
        public void resume(String why) {
            throw new AssertionError("the shipping resumes nothing");
        }

        @Override
        public boolean flush(Duration atMost) {
            throw new AssertionError("the shipping flushes nothing");
        }

        @Override
        public void close() {
            throw new AssertionError("the shipping closes nothing");
        }
    }
}
