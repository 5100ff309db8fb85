package dev.cairn.backup.core.restore;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How fast staging was, by kind of dataset, remembered in the state store. Thread-safe. */
public final class RestoreRates {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreRates.class);
    private static final String BYTES = " bytes";
    private static final String NANOS = " nanos";

    private final StateSlot<Map<String, Long>> slot;

    /** What the state store remembers. */
    public RestoreRates(BlobStore state) {
        this.slot = new StateSlot<>(state, "restore-rates", new StateSlot.Form<>() {
            @Override
            public JsonObject write(Map<String, Long> value) {
                return new JsonObject().put("rates", value);
            }

            @Override
            public Map<String, Long> read(JsonObject json) throws JsonFormatException {
                return json.numbers("rates");
            }
        });
    }

    /**
     * What was measured.
     *
     * @param kind the kind of dataset
     * @param bytes content bytes that were staged
     * @param took how long it took
     */
    record Measured(String kind, long bytes, Duration took) {}

    /** Remembers. What counts is the sum, of which each later restore halves what was before: a large restore tells more than a small one, and disks are replaced. */
    void remember(List<Measured> restored) {
        try {
            slot.update(old -> {
                Map<String, Long> rates = new TreeMap<>(old.orElse(Map.of()));
                for (Measured each : restored) {
                    rates.merge(each.kind() + BYTES, each.bytes(), (before, now) -> before / 2 + now);
                    rates.merge(each.kind() + NANOS, each.took().toNanos(), (before, now) -> before / 2 + now);
                }
                return Optional.of(rates);
            });
        } catch (BackupException e) {
            LOG.warn("The rates of a restore could not be remembered; plans estimate without them", e);
        }
    }

    /** How long staging would take; empty if a kind was never measured. */
    Optional<Duration> estimate(Collection<Dataset> targets, List<DatasetPlan> plans) {
        Map<String, Long> rates;
        try {
            rates = slot.get().orElse(Map.of());
        } catch (BackupException e) {
            LOG.warn("The rates of earlier restores cannot be read", e);
            return Optional.empty();
        }
        double nanos = 0;
        for (Dataset target : targets) {
            long known = rates.getOrDefault(target.kind() + BYTES, 0L);
            if (known == 0) {
                return Optional.empty();
            }
            for (DatasetPlan plan : plans) {
                if (plan.dataset().equals(target.name())) {
                    nanos += (double) plan.bytes() / known * rates.getOrDefault(target.kind() + NANOS, 0L);
                }
            }
        }
        return Optional.of(Duration.ofNanos((long) nanos));
    }
}
