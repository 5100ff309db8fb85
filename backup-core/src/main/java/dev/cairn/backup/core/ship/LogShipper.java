package dev.cairn.backup.core.ship;

import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.SegmentStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Ships the change logs of an installation's datasets: one spool in the state store, one thread that brings what is in it to the repository. Thread-safe.
 */
public final class LogShipper implements AutoCloseable {

    private final SegmentStore store;
    private final Spool spool;
    private final String lineage;
    private final InstantSource clock;
    private final ThreadFactory threads;
    private final SegmentUploader uploader;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<String, DatasetShipping> shippings = new ConcurrentHashMap<>();
    private final Map<String, Leftover> leftovers;

    private LogShipper(
            SegmentStore store, BlobStore state, String lineage, InstantSource clock, ThreadFactory threads) {
        this.store = store;
        this.spool = new Spool(state);
        this.lineage = lineage;
        this.clock = clock;
        this.threads = threads;
        this.uploader = new SegmentUploader(store, spool, threads);
        this.leftovers = new Leftovers(store, spool, clock, this::lane, uploader).take();
    }

    /**
     * Looks through what an earlier process left in the spool and begins to upload it. The repository must be open; it need not be reachable.
     *
     * @param state the state store, which holds the spool; stays open
     * @param lineage the installation
     * @param threads makes the uploader's thread and those of the sources
     * @throws dev.cairn.backup.StoreException if the state store cannot be read
     */
    public static LogShipper open(
            SegmentStore store, BlobStore state, String lineage, InstantSource clock, ThreadFactory threads) {
        LogShipper shipper = new LogShipper(store, state, lineage, clock, threads);
        shipper.uploader.start();
        return shipper;
    }

    /**
     * The shipping of a dataset, to be handed to its source; made once for each.
     *
     * @param source whose limits and state count; not started here
     * @param baseWanted asked for a snapshot of the dataset, with the reason, on the source's thread; must return at once
     * @param listener told what happens
     */
    public DatasetShipping of(
            String dataset, ContinuousSource source, Consumer<String> baseWanted, ShippingListener listener) {
        return shippings.compute(dataset, (name, present) -> {
            if (present != null) {
                throw new IllegalStateException("dataset '" + dataset + "' is shipped already");
            }
            return new DatasetShipping(this, dataset, lane(dataset), source, baseWanted, listener);
        });
    }

    /** The timelines that are being written, here or by the uploader; retention must not remove them as a whole. */
    public Set<String> timelines() {
        Set<String> found = new HashSet<>();
        lanes.values().forEach(lane -> found.addAll(lane.timelines()));
        shippings.values().forEach(shipping -> shipping.timeline().ifPresent(found::add));
        return found;
    }

    /** Why the repository does not take segments at present; empty if it does. */
    public Optional<String> problem() {
        return uploader.problem();
    }

    /**
     * Waits until all that is kept by now is in the repository, and tries at once if it is waiting.
     *
     * @return false if the time was over, or the thread was interrupted, whose flag is kept
     */
    public boolean drain(Duration atMost) {
        return uploader.drain(atMost);
    }

    /** Ends the uploader's thread, at most a few seconds later; what waits then stays in the spool for the next process. The sources are closed before. */
    @Override
    public void close() {
        uploader.close();
    }

    private Lane lane(String dataset) {
        return lanes.computeIfAbsent(dataset, name -> new Lane());
    }

    SegmentStore store() {
        return store;
    }

    Spool spool() {
        return spool;
    }

    SegmentUploader uploader() {
        return uploader;
    }

    String lineage() {
        return lineage;
    }

    InstantSource clock() {
        return clock;
    }

    ThreadFactory threads() {
        return threads;
    }

    Map<String, Leftover> leftovers() {
        return leftovers;
    }
}
