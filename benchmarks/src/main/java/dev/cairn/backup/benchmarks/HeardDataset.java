package dev.cairn.backup.benchmarks;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A dataset that is protected continuously, whose wishes for bases are heard here and not by the engine: that takes none within half a minute of the last, by the processor's clock, in which a simulation
 * writes hours of log. When a base is wished for is decided by the dataset itself, as ever. Counts what is shipped. Thread-safe.
 */
final class HeardDataset implements Dataset {

    private final Dataset dataset;
    private final Source source;
    private final AtomicBoolean wished = new AtomicBoolean();
    private final AtomicLong segments = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    /** @throws IllegalArgumentException if the dataset is not protected continuously */
    HeardDataset(Dataset dataset) {
        this.dataset = dataset;
        this.source = new Source(dataset.continuousSource()
                .orElseThrow(() -> new IllegalArgumentException(dataset.name() + " is not protected continuously")));
    }

    /** Whether a base was wished for since the last call. */
    boolean wished() {
        return wished.getAndSet(false);
    }

    /** How many segments were kept. */
    long segments() {
        return segments.get();
    }

    /** Bytes of the pages in them. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public String name() {
        return dataset.name();
    }

    @Override
    public String kind() {
        return dataset.kind();
    }

    @Override
    public Optional<Location> location() {
        return dataset.location();
    }

    @Override
    public boolean isOptional() {
        return dataset.isOptional();
    }

    @Override
    public Optional<ContinuousSource> continuousSource() {
        return Optional.of(source);
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        return dataset.prepare(context);
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return dataset.compare(snapshot);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        return dataset.stage(snapshot, context);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return dataset.resume(context);
    }

    private final class Source implements ContinuousSource {

        private final ContinuousSource real;

        Source(ContinuousSource real) {
            this.real = real;
        }

        @Override
        public Limits limits() {
            return real.limits();
        }

        @Override
        public void start(LogShipping shipping) {
            real.start(new Shipping(shipping));
        }

        @Override
        public void pause() {
            real.pause();
        }

        @Override
        public void resume(String why) {
            real.resume(why);
        }

        @Override
        public boolean flush(Duration atMost) {
            return real.flush(atMost);
        }

        @Override
        public State state() {
            return real.state();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private final class Shipping implements LogShipping {

        private final LogShipping engine;

        Shipping(LogShipping engine) {
            this.engine = engine;
        }

        @Override
        public Optional<Last> last() {
            return engine.last();
        }

        @Override
        public LogPosition begin(int pageSize, String resume, String why, boolean gap) {
            return engine.begin(pageSize, resume, why, gap);
        }

        @Override
        public LogPosition keep(LogSegment segment) {
            LogPosition behind = engine.keep(segment);
            segments.incrementAndGet();
            bytes.addAndGet(segment.content().length);
            return behind;
        }

        @Override
        public void requestBase(String why) {
            wished.set(true);
        }

        @Override
        public InstantSource clock() {
            return engine.clock();
        }

        @Override
        public ThreadFactory threads() {
            return engine.threads();
        }
    }
}
