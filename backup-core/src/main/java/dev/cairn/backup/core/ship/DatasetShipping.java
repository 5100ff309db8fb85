package dev.cairn.backup.core.ship;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.ProtectionStatus;
import dev.cairn.backup.core.crypto.Algorithms;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.spi.TimelineLostException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Ships the log of one dataset into the spool. The methods of {@link LogShipping} are for the source's thread; {@link #status} and what the engine tells may be called from any thread and never
 * wait for input or output.
 *
 * <p>After a crash at any moment {@link #last} of the next process is exactly what {@link #keep} had acknowledged, or the one segment more that was being kept.
 */
public final class DatasetShipping implements LogShipping {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MOST_REASON = 1000;

    private final LogShipper shipper;
    private final String dataset;
    private final ContinuousSource.Limits limits;
    private final Lane lane;
    private final SpoolPut spool;
    private final Consumer<String> baseWanted;
    private final ShippingStatus status;
    private Optional<String> newest = Optional.empty();
    private volatile @Nullable Tip tip;

    DatasetShipping(
            LogShipper shipper,
            String dataset,
            Lane lane,
            ContinuousSource source,
            Consumer<String> baseWanted,
            ShippingListener listener) {
        this.shipper = shipper;
        this.dataset = dataset;
        this.lane = lane;
        this.limits = source.limits();
        this.spool = new SpoolPut(shipper.store(), shipper.spool());
        this.baseWanted = baseWanted;
        this.status = new ShippingStatus(dataset, source, lane, shipper, listener, this::kept);
        lane.watch(status);
    }

    private Optional<LogPosition> kept() {
        return Optional.ofNullable(tip).map(Tip::position);
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.cairn.backup.StoreException if the repository cannot be reached, so that nobody can tell; to be asked again
     */
    @Override
    public synchronized Optional<Last> last() {
        if (tip == null && newest.isEmpty()) {
            LastKept kept = new LastKept(shipper.store(), shipper.leftovers());
            Optional<Timeline> timeline = kept.newest(dataset, shipper.lineage());
            tip = timeline.filter(known -> !lane.isLost(known.id()))
                    .flatMap(kept::end)
                    .orElse(null);
            newest = timeline.map(Timeline::id);
            if (tip != null && !shipper.leftovers().containsKey(tip.timeline().id())) {
                lane.storedBefore(tip.position());
            }
            status.look();
        }
        return Optional.ofNullable(tip)
                .filter(end -> !lane.isLost(end.timeline().id()))
                .map(Tip::last);
    }

    @Override
    public synchronized LogPosition begin(int pageSize, String resume, String why, boolean gap) {
        if (pageSize < 512 || pageSize > 1 << 16 || Integer.bitCount(pageSize) != 1) {
            throw new InvalidValueException("pageSize", pageSize, "a power of two from 512 to 65536");
        }
        if (resume.length() > 256) {
            throw new InvalidValueException("resume", resume, "at most 256 characters");
        }
        byte[] id = new byte[16];
        RANDOM.nextBytes(id);
        // Whoever finds nothing to go on with takes this for the first timeline; there was one whose end nobody knows.
        boolean endUnknown = newest.isPresent() && last().isEmpty();
        String reason = why.length() > MOST_REASON ? why.substring(0, MOST_REASON) : why;
        Timeline timeline = new Timeline(
                HexFormat.of().formatHex(id),
                dataset,
                shipper.lineage(),
                pageSize,
                shipper.clock().instant(),
                reason,
                gap || endUnknown,
                newest);
        byte[] body = SegmentForm.encodeHead(timeline, resume);
        SegmentHeader head = SegmentForm.header(timeline.id(), 0, body);
        spool.forget();
        try {
            enter(head, body, Long.MAX_VALUE);
        } catch (RuntimeException e) {
            spool.forget();
            status.failed(e);
            throw e;
        }
        Tip begun = Tip.of(timeline, head, Algorithms.sha256().digest(body));
        newest = Optional.of(timeline.id());
        status.beginning(timeline);
        tip = begun;
        status.begun();
        baseWanted.accept("a new timeline began: " + reason);
        return new LogPosition(timeline.id(), 0);
    }

    /**
     * {@inheritDoc}
     *
     * @throws InvalidValueException if the segment has pages of another size than its timeline, or exceeds a limit of the format: 64 MiB of pages, 262144 commits
     */
    @Override
    public synchronized LogPosition keep(LogSegment segment) {
        Tip at = tip;
        if (at == null) {
            throw new IllegalStateException("no timeline of dataset '" + dataset + "' has begun");
        }
        if (segment.pageSize() != at.timeline().pageSize()) {
            throw new InvalidValueException(
                    "pageSize", segment.pageSize(), at.timeline().pageSize() + ", that of the timeline");
        }
        try {
            lane.requireNotLost(at.timeline().id());
            SegmentHeader header = new SegmentHeader(
                    at.timeline().id(),
                    at.number() + 1,
                    at.digest(),
                    dataset,
                    at.timeline().lineage(),
                    segment.pageSize(),
                    segment.resume(),
                    at.transaction(),
                    SegmentHeader.isOpen(at.open(), segment),
                    segment.pages().length,
                    segment.commits());
            byte[] body = SegmentForm.encode(header, segment);
            enter(header, body, limits.spoolBytes());
            tip = Tip.of(at.timeline(), header, Algorithms.sha256().digest(body));
        } catch (TimelineLostException e) {
            lane.lose(new SpoolSlot(at.timeline().id(), at.number() + 1), e);
            status.failed(e);
            throw e;
        } catch (RuntimeException e) {
            status.failed(e);
            throw e;
        }
        status.kept(segment.commits().size());
        return new LogPosition(
                at.timeline().id(), at.transaction() + segment.commits().size());
    }

    /** Into the spool, and to the uploader. */
    private void enter(SegmentHeader header, byte[] body, long limit) {
        SpoolSlot slot = new SpoolSlot(header.timeline(), header.number());
        byte[] sealed = shipper.store().seal(slot.timeline(), slot.number(), body);
        long full = lane.bytes() + sealed.length;
        if (full > limit) {
            throw new LimitExceededException(
                    "spool of dataset '" + dataset + "' in bytes",
                    full,
                    limit,
                    shipper.uploader()
                            .problem()
                            .map(problem -> "It waits for the repository: " + problem)
                            .orElse("Wait for the repository, or allow the spool more"));
        }
        spool.put(slot, sealed, body);
        shipper.uploader()
                .add(
                        lane,
                        new Lane.Waiting(
                                slot,
                                sealed.length,
                                header.end(),
                                shipper.clock().instant()));
    }

    @Override
    public void requestBase(String why) {
        baseWanted.accept(why);
    }

    @Override
    public InstantSource clock() {
        return shipper.clock();
    }

    @Override
    public ThreadFactory threads() {
        return shipper.threads();
    }

    /** The dataset's name. */
    public String dataset() {
        return dataset;
    }

    Optional<String> timeline() {
        return Optional.ofNullable(tip).map(end -> end.timeline().id());
    }

    /** How far it has come. Tells the listener if the state is another than it was told. */
    public ProtectionStatus status() {
        return status.look();
    }

    /** Tells that there is a snapshot with the dataset at that position, taken at that time. */
    public void based(LogPosition position, Instant at) {
        status.based(position, at);
    }

    /** Tells that the source is let go for a restore. */
    public void paused() {
        status.paused(true);
    }

    /** Tells that it is taken up again. */
    public void resumed() {
        status.paused(false);
    }

    /** Tells that it is closed. */
    public void closed() {
        status.closed();
    }
}
