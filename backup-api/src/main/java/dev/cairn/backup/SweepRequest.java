package dev.cairn.backup;

import java.time.Duration;

/**
 * How to sweep.
 *
 * @param patience how long to wait for writers that began before what is to go was condemned; zero leaves the rest to the next sweep
 * @param maxUnused the share of a pack that may be unused before it is written anew, from 0 to 1
 * @param cancellation ends it early; what was begun is taken up by the next sweep
 */
public record SweepRequest(Duration patience, double maxUnused, CancellationToken cancellation) {

    /** @throws InvalidValueException if a value is out of bounds */
    public SweepRequest {
        if (patience.isNegative()) {
            throw new InvalidValueException("patience", patience, "zero or more");
        }
        if (!(maxUnused >= 0 && maxUnused <= 1)) {
            throw new InvalidValueException("maxUnused", maxUnused, "0 to 1");
        }
    }

    /** Waits for nobody and writes packs anew when half of them is unused. */
    public static SweepRequest defaults() {
        return new SweepRequest(Duration.ZERO, 0.5, new CancellationToken());
    }

    /** With another patience. */
    public SweepRequest patience(Duration value) {
        return new SweepRequest(value, maxUnused, cancellation);
    }

    /** With another share of a pack that may be unused. */
    public SweepRequest maxUnused(double value) {
        return new SweepRequest(patience, value, cancellation);
    }

    /** With a token that can cancel it. */
    public SweepRequest cancellation(CancellationToken value) {
        return new SweepRequest(patience, maxUnused, value);
    }
}
