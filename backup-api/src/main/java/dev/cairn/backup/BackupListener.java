package dev.cairn.backup;

/**
 * Told what happens. Called on one thread of the manager's, in order, from a bounded queue of 1024: a listener that is slower than that loses the
 * oldest events, and a warning says how many. What it throws is logged and goes no further.
 */
@FunctionalInterface
public interface BackupListener {

    /** Called with what happened. */
    void onEvent(BackupEvent event);
}
