package dev.cairn.backup.core.operate.watch;

import dev.cairn.backup.RestoreTime;
import java.util.Optional;

/** Where rehearsed restores are remembered. Asked at each look at health: answers from memory. Thread-safe. */
@FunctionalInterface
public interface MeasuredRestores {

    /** The last one of a dataset. */
    Optional<RestoreTime> last(String dataset);

    /** None was ever rehearsed. */
    static MeasuredRestores none() {
        return dataset -> Optional.empty();
    }
}
