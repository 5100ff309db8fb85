package dev.cairn.backup.core.ship;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.spi.ContinuousSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How far the shipping of a dataset has come, put together from the source, the spool and the uploader; tells the listener when the state changes. Thread-safe, holds no lock while it asks or tells. */
final class ShippingStatus implements Lane.Watcher {

    private record Base(LogPosition position, Instant at) {}

    private final String dataset;
    private final ContinuousSource source;
    private final Lane lane;
    private final LogShipper shipper;
    private final ShippingListener listener;
    private final Supplier<Optional<LogPosition>> kept;
    private final long spoolLimit;
    private final long logLimit;
    private final AtomicLong keptTotal = new AtomicLong();
    private final AtomicLong timelinesTotal = new AtomicLong();
    private final Announcer announcer;
    private final AtomicReference<@Nullable Base> base = new AtomicReference<>();
    private volatile @Nullable String failure;
    private volatile boolean paused;
    private volatile boolean closed;
    private volatile boolean hasRun;

    ShippingStatus(
            String dataset,
            ContinuousSource source,
            Lane lane,
            LogShipper shipper,
            ShippingListener listener,
            Supplier<Optional<LogPosition>> kept) {
        this.dataset = dataset;
        this.announcer = new Announcer(dataset);
        this.source = source;
        this.lane = lane;
        this.shipper = shipper;
        this.listener = listener;
        this.kept = kept;
        this.spoolLimit = source.limits().spoolBytes();
        this.logLimit = source.limits().logBytes();
    }

    /** Called before anybody can see the timeline, so that its beginning is told before any state that it is in. */
    void beginning(Timeline timeline) {
        announcer.prepare(() -> listener.begun(timeline));
    }

    void begun() {
        timelinesTotal.incrementAndGet();
        failure = null;
        announcer.tell();
        if (source.state().running()) { // A source may say so only when this has returned to it.
            look();
        }
    }

    void kept(int transactions) {
        keptTotal.addAndGet(transactions);
        failure = null;
        look();
    }

    /** Something cannot be kept at present. */
    void failed(RuntimeException e) {
        failure = String.valueOf(e.getMessage());
        look();
    }

    void based(LogPosition position, Instant at) {
        base.accumulateAndGet(new Base(position, at), (old, fresh) -> isBehind(old, fresh) ? old : fresh);
        look();
    }

    private static boolean isBehind(@Nullable Base old, @Nullable Base fresh) {
        return old != null && fresh != null && old.position().reaches(fresh.position());
    }

    void paused(boolean now) {
        paused = now;
        hasRun = false;
        look();
    }

    void closed() {
        closed = true;
        look();
    }

    @Override
    public void moved() {
        look();
    }

    @Override
    public void lost(String timeline, String problem) {
        announcer.tell(() -> listener.lost(timeline, problem));
        look();
    }

    /** The status now. */
    ProtectionStatus look() {
        long look = announcer.beginLook();
        ProtectionStatus now = status();
        announcer.saw(look, now.state(), () -> listener.changed(now));
        return now;
    }

    private ProtectionStatus status() {
        ContinuousSource.State from = ask();
        if (from.running()) { // Never written back as it was: another thread may have begun a pause.
            hasRun = true;
        }
        Optional<LogPosition> last = kept.get();
        Optional<Instant> since = lane.waitingSince();
        Optional<String> uploading = since.isPresent() ? shipper.uploader().problem() : Optional.empty();
        Optional<Instant> lastBase = Optional.ofNullable(base.get())
                .filter(known -> last.isPresent()
                        && known.position().timeline().equals(last.get().timeline()))
                .map(Base::at);
        // The source learns of a loss when it has something to keep, which may take long.
        Optional<String> broken = Optional.ofNullable(failure)
                .or(() -> last.map(LogPosition::timeline).map(lane::problem).filter(loss -> !loss.isEmpty()));
        Optional<String> problem = broken.or(from::problem).or(() -> uploading);
        boolean begun = last.isPresent() && (hasRun || problem.isPresent()); // A source takes its time to start.
        return new ProtectionStatus(
                dataset,
                state(from.running() && broken.isEmpty(), begun, uploading.isPresent(), lastBase.isPresent()),
                last,
                lane.stored(),
                since.map(this::age).orElse(Duration.ZERO),
                from.logBytes(),
                logLimit,
                lane.bytes(),
                spoolLimit,
                keptTotal.get(),
                timelinesTotal.get(),
                lastBase,
                problem);
    }

    /** Whatever it throws must reach neither the thread that keeps, which would keep the same again, nor the one that uploads, which would end. */
    private ContinuousSource.State ask() {
        try {
            return source.state();
        } catch (RuntimeException e) {
            return new ContinuousSource.State(false, 0, Optional.of("the source does not tell how it stands: " + e));
        }
    }

    /** A wall clock may have been set back. */
    private Duration age(Instant since) {
        Duration age = Duration.between(since, shipper.clock().instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    private ProtectionStatus.State state(boolean running, boolean begun, boolean spooling, boolean hasBase) {
        if (closed) {
            return ProtectionStatus.State.CLOSED;
        }
        if (paused) {
            return ProtectionStatus.State.PAUSED;
        }
        if (!begun) {
            return ProtectionStatus.State.WAITING;
        }
        if (!running) {
            return ProtectionStatus.State.INTERRUPTED;
        }
        if (spooling) {
            return ProtectionStatus.State.SPOOLING;
        }
        return hasBase ? ProtectionStatus.State.PROTECTED : ProtectionStatus.State.STARTING;
    }
}
