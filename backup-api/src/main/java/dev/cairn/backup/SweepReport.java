package dev.cairn.backup;

import java.time.Duration;
import java.util.List;

/**
 * What a sweep did.
 *
 * @param packsRemoved packs that are gone
 * @param bytesFreed stored bytes that went with them, less what was written anew
 * @param packsRewritten how many of them were gone after what was still needed had been copied
 * @param packsWaiting packs that are condemned and wait for a later sweep
 * @param waitingFor the snapshots that were being written, for whose end the rest waits; empty if nothing waits
 * @param elapsed how long it took
 */
public record SweepReport(
        long packsRemoved,
        long bytesFreed,
        long packsRewritten,
        long packsWaiting,
        List<String> waitingFor,
        Duration elapsed) {

    /** Copies the list. */
    public SweepReport {
        waitingFor = List.copyOf(waitingFor);
    }
}
