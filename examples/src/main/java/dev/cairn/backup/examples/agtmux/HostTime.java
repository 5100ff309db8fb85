package dev.cairn.backup.examples.agtmux;

import dev.cairn.backup.lifecycle.Waiter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where the host's time comes from.
 *
 * @param clock the wall clock, for labels
 * @param ticker monotonic nanoseconds, for what is due
 * @param waiter how time passes
 * @param virtual whether somebody moves both by hand: then no thread of the host's does anything by itself
 */
public record HostTime(InstantSource clock, LongSupplier ticker, Waiter waiter, boolean virtual) {

    /** The machine's. */
    public static HostTime real() {
        return new HostTime(
                InstantSource.system(), System::nanoTime, time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()), false);
    }

    /** The wall clock now. */
    public Instant now() {
        return clock.instant();
    }
}
