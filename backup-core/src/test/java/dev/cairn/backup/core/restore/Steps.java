package dev.cairn.backup.core.restore;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts every point at which a restore may fail or its process may die: calls of the state store, changes on disk, values handed to the host,
 * hooks, callbacks and checks. One of them fails once, or is the last one that the process ever begins.
 */
final class Steps {

    /** The process is gone. Nothing catches it but the test. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(String step) {
            super("crashed at " + step);
        }
    }

    /** One step failed; the process lives. */
    static final class Trouble extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Trouble(String step) {
            super("injected at " + step);
        }
    }

    private final long failAt;
    private final boolean crash;
    private final List<String> seen = new ArrayList<>();
    private @org.jspecify.annotations.Nullable Steps other;

    private Steps(long failAt, boolean crash) {
        this.failAt = failAt;
        this.crash = crash;
    }

    static Steps harmless() {
        return new Steps(Long.MAX_VALUE, false);
    }

    /** That step and no other fails. */
    static Steps failingAt(long number) {
        return new Steps(number, false);
    }

    /** That step and all later ones never happen. */
    static Steps crashingAt(long number) {
        return new Steps(number, true);
    }

    /** These steps after those: both are counted, and each does what it was made for. */
    Steps after(Steps first) {
        this.other = first;
        return this;
    }

    synchronized void step(String name) {
        if (other != null) {
            seen.add(name);
            if (seen.size() >= failAt) {
                throw new Crash(name);
            }
            other.step(name);
            return;
        }
        seen.add(name);
        if (crash && seen.size() >= failAt) {
            throw new Crash(name);
        }
        if (seen.size() == failAt) {
            throw new Trouble(name);
        }
    }

    /** Whether the fault was reached at all. */
    synchronized boolean reached() {
        return seen.size() >= failAt;
    }

    /** The name of the step that was hit. */
    synchronized String hit() {
        return reached() ? seen.get((int) failAt - 1) : "none";
    }

    synchronized List<String> seen() {
        return List.copyOf(seen);
    }
}
