package dev.cairn.backup.examples.quickstart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How long the host's lock was held for snapshots, from the moment it was got to its release. Thread-safe. */
final class BarrierCost {

    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

    void add(long held) {
        nanos.add(held);
    }

    String describe() {
        List<Long> sorted = new ArrayList<>(nanos);
        if (sorted.isEmpty()) {
            return "never held";
        }
        Collections.sort(sorted);
        return "held " + sorted.size() + " times: min " + millis(sorted.get(0)) + ", median "
                + millis(sorted.get(sorted.size() / 2)) + ", max " + millis(sorted.get(sorted.size() - 1));
    }

    private static String millis(long value) {
        return String.format(Locale.ROOT, "%.2f ms", value / 1e6);
    }
}
