package dev.cairn.backup.examples.agtmux.daemon;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.cursor.RewindOutcome;
import dev.cairn.backup.examples.agtmux.HostTime;
import dev.cairn.backup.examples.agtmux.source.EventSource;
import dev.cairn.backup.examples.agtmux.state.Projection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Fetches from all sources into buffers that are bounded, from the cursors of whoever has subscribed. Thread-safe. */
public final class Gateway {

    private static final long IDLE_NANOS = 20_000_000;

    private final List<EventSource> sources;
    private final HostTime time;
    private final IntakeListener told;
    private volatile List<Feed> feeds = List.of();
    private volatile boolean paused;
    private volatile boolean open = true;
    private volatile @Nullable Throwable failure;
    private @Nullable Thread fetching;

    public Gateway(List<EventSource> sources, HostTime time, IntakeListener told) {
        this.sources = List.copyOf(sources);
        this.time = time;
        this.told = told;
    }

    /** Begins to fetch, if the host has threads of its own. */
    public Gateway start() {
        if (!time.virtual()) {
            Thread thread = new Thread(this::fetchOn, "agtmux-gateway");
            thread.setDaemon(true);
            thread.start();
            fetching = thread;
        }
        return this;
    }

    /** From now on fetches for that projection. */
    public void subscribe(Projection projection) {
        paused = false;
        feeds = sources.stream()
                .map(source -> new Feed(source, projection, time, told))
                .toList();
    }

    /** Fetches nothing more; what is in flight can still be applied. */
    public void pause() {
        paused = true;
    }

    /** Drops what is in flight. */
    public void clear() {
        feeds.forEach(Feed::drop);
    }

    /** How many events are fetched and not applied. */
    public long inFlight() {
        return feeds.stream().mapToLong(Feed::inFlight).sum();
    }

    /** Fetches a page from each source; answers whether anything happened. */
    public boolean fetch() {
        boolean any = false;
        for (Feed feed : paused ? List.<Feed>of() : feeds) {
            any |= feed.fetch();
        }
        return any;
    }

    /** Applies a page of each source; answers whether there was one. */
    public boolean apply() {
        boolean any = false;
        for (Feed feed : feeds) {
            any |= feed.apply();
        }
        return any;
    }

    /** Goes back to a position of a source. */
    public RewindOutcome rewind(String source, long target) throws IOException {
        return feed(source).rewind(target);
    }

    /** Reads a source again that was halted or registered anew. */
    public void revive(String source) {
        feed(source).revive();
    }

    /** The sources that wait for an operator's decision. */
    public List<String> halted() {
        return feeds.stream().filter(Feed::isHalted).map(Feed::name).toList();
    }

    private Feed feed(String source) {
        return feeds.stream()
                .filter(feed -> feed.name().equals(source))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(
                        "source",
                        source,
                        "one of " + sources.stream().map(EventSource::name).toList()));
    }

    /** The sources. */
    List<EventSource> sources() {
        return sources;
    }

    private void fetchOn() {
        try {
            while (open) {
                if (!fetch()) {
                    LockSupport.parkNanos(IDLE_NANOS);
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e; // The supervisor decides what becomes of it.
        }
    }

    /** What has made it stop working; empty while it works. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** Stops fetching and drops what is in flight. */
    public void close() throws InterruptedException {
        open = false;
        Thread thread = fetching;
        if (thread != null) {
            thread.join();
        }
        feeds = List.of();
    }
}
