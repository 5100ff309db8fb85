package dev.cairn.backup.core.capture;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.FrozenView;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All datasets, frozen at one instant.
 *
 * @param at the wall clock inside the barrier
 * @param version the host's version inside the barrier
 * @param held from the first freeze to the last
 * @param views the frozen datasets, in the order in which they were declared
 */
record Cut(Instant at, OptionalLong version, Duration held, Map<Dataset, FrozenView> views) implements AutoCloseable {

    @Override
    public void close() {
        views.values().forEach(FrozenView::close);
    }
}
