package dev.cairn.backup.core;

import dev.cairn.backup.Recurrence;
import dev.cairn.backup.Schedule;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what is allowed in a configuration and weaker than its user may think. */
final class Warnings {

    private static final Logger LOG = LoggerFactory.getLogger(Warnings.class);

    private Warnings() {}

    static List<String> of(Settings settings) {
        List<String> found = new ArrayList<>();
        for (Schedule schedule : settings.schedules()) {
            if (schedule.when() instanceof Recurrence.Every every
                    && settings.maxAge().compareTo(every.interval()) < 0) {
                found.add("schedule '" + schedule.name() + "' runs every " + every.interval()
                        + ", but a restore accepts only snapshots of at most " + settings.maxAge()
                        + ": part of the time nothing can be restored without approval");
            }
        }
        Optional<Location> repository = settings.repository().location();
        if (repository.isPresent()) {
            settings.datasets().stream()
                    .filter(dataset -> dataset.location()
                            .filter(place -> place.sharesVolumeWith(repository.get()))
                            .isPresent())
                    .map(Dataset::name)
                    .reduce((a, b) -> a + ", " + b)
                    .ifPresent(names -> found.add("the repository lies on the same disk as the data of " + names
                            + ": whoever loses that disk loses both"));
        }
        List<Location> keys = settings.repository().keyLocations();
        if (repository.isPresent() && keys.stream().anyMatch(key -> key.sharesVolumeWith(repository.get()))) {
            found.add(
                    "the repository's key lies on the same disk as the repository: whoever gets that disk can read it,"
                            + " and whoever loses it needs the recovery code");
        }
        found.forEach(LOG::warn);
        return found;
    }
}
