package dev.cairn.backup.examples.agtmux;

import java.time.Duration;
import java.time.Instant;

/** A wall clock and a monotonic one that are moved by hand, so that days pass in seconds. The wall clock can also be set, as an operator or a time server may. Thread-safe. */
public final class VirtualTime {

    private Instant wall;
    private long nanos;

    /** @param start what the wall clock shows at first */
    public VirtualTime(Instant start) {
        this.wall = start;
    }

    /** The host's view. Whoever waits makes the time pass. */
    public HostTime host() {
        return new HostTime(this::wall, this::nanos, this::pass, true);
    }

    /** Time passes, on both clocks. */
    public synchronized void pass(Duration time) {
        wall = wall.plus(time);
        nanos += time.toNanos();
    }

    /** Sets the wall clock on, or back by a negative duration; no time passes. */
    public synchronized void setBy(Duration difference) {
        wall = wall.plus(difference);
    }

    /** What the wall clock shows. */
    public synchronized Instant wall() {
        return wall;
    }

    private synchronized long nanos() {
        return nanos;
    }
}
