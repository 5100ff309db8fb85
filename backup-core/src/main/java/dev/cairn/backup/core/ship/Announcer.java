package dev.cairn.backup.core.ship;

import dev.cairn.backup.ProtectionStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes of a state at which several threads look at once, in order and one at a time. Who looks takes a number first: whoever looked before something changed and comes late with what he saw is not
 * heard, because whoever changed it has looked after him. Thread-safe, holds no lock while it tells.
 */
final class Announcer {

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final String dataset;
    private final Deque<Runnable> untold = new ArrayDeque<>();
    private ProtectionStatus.State told = ProtectionStatus.State.WAITING;
    private long looks;
    private long newest;
    private boolean telling;

    /** @param dataset for messages */
    Announcer(String dataset) {
        this.dataset = dataset;
    }

    /** The number of a look that begins now. */
    synchronized long beginLook() {
        return ++looks;
    }

    /** Tells it if the state is another than was told, unless a later look has been heard. */
    void saw(long look, ProtectionStatus.State state, Runnable event) {
        synchronized (this) {
            if (look < newest) {
                return;
            }
            newest = look;
            if (state == told) {
                return;
            }
            told = state;
            untold.add(event);
        }
        tell();
    }

    /** Tells it after all that came before. Another thread that is telling at the moment does it too. */
    void tell(Runnable event) {
        prepare(event);
        tell();
    }

    /** Lets it be told before all that comes from now on; whoever tells next does it. */
    synchronized void prepare(Runnable event) {
        untold.add(event);
    }

    /** Tells what was prepared. */
    void tell() {
        for (Runnable event = first(); event != null; event = next()) {
            try {
                event.run();
            } catch (RuntimeException | Error e) { // Also an Error must not leave the rest untold for ever.
                LOG.warn("A listener of the protection of dataset '{}' failed", dataset, e);
            }
        }
    }

    private synchronized @Nullable Runnable first() {
        return telling ? null : next();
    }

    private synchronized @Nullable Runnable next() {
        Runnable event = untold.poll();
        telling = event != null;
        return event;
    }
}
