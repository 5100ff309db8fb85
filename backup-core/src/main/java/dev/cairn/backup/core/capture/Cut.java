package dev.cairn.backup.core.capture;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.FrozenView;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All datasets, frozen at one instant.
 *
 * @param at the wall clock inside the barrier
 * @param version the host's version inside the barrier
 * @param held from the first freeze to the last
 * @param views the frozen datasets, in the order in which they were declared
 */
record Cut(Instant at, OptionalLong version, Duration held, Map<Dataset, FrozenView> views) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Cut.class);

    @Override
    public void close() {
        views.values().forEach(Cut::letGo);
    }

    /** Whatever one dataset does, the others must be let go, and what was committed stays committed. */
    static void letGo(AutoCloseable held) {
        try {
            held.close();
        } catch (Exception e) {
            LOG.warn("A dataset could not be let go", e);
        }
    }
}
