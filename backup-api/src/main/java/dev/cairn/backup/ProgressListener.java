package dev.cairn.backup;

/**
 * Told how far an operation has come, at most ten times a second and once at its end. Called on the manager's event thread, in order; what it
 * throws is logged and goes no further.
 */
@FunctionalInterface
public interface ProgressListener {

    /** Does nothing. */
    ProgressListener NONE = progress -> {};

    /** Called with the present state. */
    void onProgress(Progress progress);
}
