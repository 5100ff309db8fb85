package dev.cairn.backup.lifecycle;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Closes stores in the order given, all of them: one that fails must not leave the next one open. */
record StoreClosing(List<AutoCloseable> stores) implements PhaseStep {

    @Override
    public PhaseOutcome run(Deadline deadline) {
        @Nullable Throwable first = null;
        int failures = 0;
        for (AutoCloseable store : stores) {
            try {
                store.close();
            } catch (Throwable e) {
                failures++;
                if (first == null) {
                    first = e;
                } else if (first != e) {
                    first.addSuppressed(e);
                }
            }
        }
        return first == null
                ? new PhaseOutcome.Done()
                : new PhaseOutcome.Failed(
                        failures + " of " + stores.size() + " stores failed to close: " + first, Optional.of(first));
    }
}
