package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks every two milliseconds which commits the writer knows of, where the log ends, and which commits are durable outside the database by now. For each commit the time between the two is at most
 * the measured one; it is that long but for the time between two looks.
 */
final class RiskSampler implements AutoCloseable {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Host host;
    private final WriterProtection protection;
    private final WalGauge gauge;
    private final Samples atRisk = new Samples();
    private final Deque<CommitMark> open = new ArrayDeque<>();
    private final Thread thread = new Thread(this::run, "risk sampler");
    private long counted;
    private long looked;
    private volatile boolean stopped;
    private volatile long durable; // only its own thread writes
    private volatile long greatestLog;
    private volatile @Nullable Exception failure;

    private RiskSampler(Host host, WriterProtection protection, WalGauge gauge) {
        this.host = host;
        this.protection = protection;
        this.gauge = gauge;
        this.counted = host.state().counter();
        this.durable = counted;
        this.looked = System.nanoTime();
    }

    /** Starts at the commits that come from now on. */
    static RiskSampler start(Host host, WriterProtection protection, WalGauge gauge) {
        RiskSampler sampler = new RiskSampler(host, protection, gauge);
        sampler.thread.start();
        return sampler;
    }

    /** How long each commit was at risk, of those that no longer are. */
    Samples.Distribution atRisk() {
        return atRisk.distribution();
    }

    /** The greatest size of the {@code -wal} that was seen, in bytes. */
    long greatestLog() {
        return greatestLog;
    }

    /**
     * Waits until everything that was committed until now is durable.
     *
     * @throws IllegalStateException if that does not happen in time
     */
    void awaitAll(int seconds) throws InterruptedException {
        long last = host.state().counter();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (durable < last && failure == null) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "commit " + last + " was not durable " + seconds + " s later, only " + durable + " was");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void run() {
        try {
            while (!stopped) {
                look();
                LockSupport.parkNanos(INTERVAL_NANOS);
            }
        } catch (SQLException | IOException | RuntimeException e) {
            failure = e;
        }
    }

    private void look() throws SQLException, IOException {
        long now = System.nanoTime();
        long counter = host.state().counter();
        Optional<WalPosition> position = gauge.position();
        greatestLog = Math.max(greatestLog, gauge.bytes());
        if (position.isPresent()) {
            if (counter > counted) {
                open.add(new CommitMark(counter - counted, counter, looked, position.get()));
            }
            counted = counter;
            looked = now;
        }
        while (!open.isEmpty() && protection.covers(open.element())) {
            CommitMark covered = open.remove();
            long risk = System.nanoTime() - covered.since();
            for (long i = 0; i < covered.commits(); i++) {
                atRisk.add(risk);
            }
            durable += covered.commits();
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Exception failed = failure;
        if (failed != null) {
            throw new IllegalStateException("the sampler failed, so nothing was measured", failed);
        }
    }
}
