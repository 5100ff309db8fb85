package dev.cairn.backup.core.capture;

import dev.cairn.backup.Progress;
import dev.cairn.backup.spi.SnapshotWriter;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Adds up how far an operation has come and reports it at most ten times a second. Thread-safe. */
public final class ProgressMeter implements SnapshotWriter.EntryProgress {

    private static final long REPORT_NANOS = 100_000_000;

    private final String operation;
    private final Consumer<Progress> listener;
    private final OptionalLong totalBytes;
    private final long startNanos = System.nanoTime();
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong lastReport = new AtomicLong(startNanos);
    private volatile String dataset = "";

    /**
     * @param operation what is done
     * @param totalBytes the bytes to do, where known
     * @param listener told how far it has come
     */
    public ProgressMeter(String operation, OptionalLong totalBytes, Consumer<Progress> listener) {
        this.operation = operation;
        this.totalBytes = totalBytes;
        this.listener = listener;
    }

    /** The dataset that is being worked on from now on. */
    public void dataset(String name) {
        dataset = name;
    }

    @Override
    public void advanced(long moreEntries, long moreBytes) {
        entries.addAndGet(moreEntries);
        bytes.addAndGet(moreBytes);
        long now = System.nanoTime();
        long last = lastReport.get();
        if (now - last >= REPORT_NANOS && lastReport.compareAndSet(last, now)) {
            report();
        }
    }

    /** Reports the present state, whenever the last report was. */
    public void report() {
        listener.accept(new Progress(
                operation,
                dataset,
                entries.get(),
                bytes.get(),
                totalBytes,
                Duration.ofNanos(System.nanoTime() - startNanos)));
    }

    /** Forgets what was counted, because the work begins again. */
    public void restart() {
        entries.set(0);
        bytes.set(0);
    }
}
