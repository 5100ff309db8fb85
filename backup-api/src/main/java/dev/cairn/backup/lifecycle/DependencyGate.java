package dev.cairn.backup.lifecycle;

import dev.cairn.backup.InvalidValueException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which stages of a host are ready. Stages have an order: each depends on all that come before it. All are unready at the start, and one can go unready
 * again at any time; a gate without stages is ready.
 *
 * <p>The gate records what it is told and holds nobody up: a stage may be told ready while something before it is not, and {@link #unreadyBefore} still
 * names what is missing. Thread-safe; each answer is of one instant.
 */
public final class DependencyGate {

    /** The order in which a daemon's stages start; they stop in reverse. */
    public static final List<String> STANDARD_ORDER = List.of("Sources", "Gateway", "Daemon", "UI");

    private final List<String> stages;
    private final BitSet ready = new BitSet();

    private DependencyGate(List<String> stages) {
        this.stages = stages;
    }

    /** A gate of {@link #STANDARD_ORDER}. */
    public static DependencyGate standard() {
        return of(STANDARD_ORDER);
    }

    /**
     * A gate of the stages given.
     *
     * @param stages their names in order, distinct and not blank
     * @throws InvalidValueException if a name is blank or given twice
     */
    public static DependencyGate of(String... stages) {
        return of(List.of(stages));
    }

    /**
     * A gate of the stages given.
     *
     * @param stages their names in order, distinct and not blank
     * @throws InvalidValueException if a name is blank or given twice
     */
    public static DependencyGate of(List<String> stages) {
        Set<String> seen = new HashSet<>();
        for (String stage : stages) {
            if (stage.isBlank() || !seen.add(stage)) {
                throw new InvalidValueException("stage", stage, "a name that is not blank, each only once");
            }
        }
        return new DependencyGate(List.copyOf(stages));
    }

    /** The stages, in order. */
    public List<String> stages() {
        return stages;
    }

    /**
     * Records that a stage is ready. Idempotent.
     *
     * @throws UnknownStageException if there is no such stage
     */
    public void markReady(String stage) {
        int place = place(stage);
        synchronized (ready) {
            ready.set(place);
        }
    }

    /**
     * Records that a stage is not ready, or no longer. Idempotent. Stages after it stay as they are: whether they can live without it is theirs to say.
     *
     * @throws UnknownStageException if there is no such stage
     */
    public void markUnready(String stage) {
        int place = place(stage);
        synchronized (ready) {
            ready.clear(place);
        }
    }

    /** Whether every stage is ready. */
    public boolean isReady() {
        synchronized (ready) {
            return ready.cardinality() == stages.size();
        }
    }

    /**
     * Whether one stage is ready, whatever comes before it.
     *
     * @throws UnknownStageException if there is no such stage
     */
    public boolean isReady(String stage) {
        int place = place(stage);
        synchronized (ready) {
            return ready.get(place);
        }
    }

    /** The stages that are not ready, in order. */
    public List<String> unready() {
        return unreadyAmongFirst(stages.size());
    }

    /**
     * The dependencies that a stage still waits for, in order; empty if it may start.
     *
     * @throws UnknownStageException if there is no such stage
     */
    public List<String> unreadyBefore(String stage) {
        return unreadyAmongFirst(place(stage));
    }

    private List<String> unreadyAmongFirst(int count) {
        List<String> missing = new ArrayList<>();
        synchronized (ready) {
            for (int place = ready.nextClearBit(0); place < count; place = ready.nextClearBit(place + 1)) {
                missing.add(stages.get(place));
            }
        }
        return List.copyOf(missing);
    }

    private int place(String stage) {
        int place = stages.indexOf(stage);
        if (place < 0) {
            throw new UnknownStageException(stage, stages);
        }
        return place;
    }

    @Override
    public String toString() {
        List<String> missing = unready();
        return missing.isEmpty() ? "ready" : "waiting for " + String.join(", ", missing);
    }
}
