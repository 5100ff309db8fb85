package dev.cairn.backup.lifecycle;

/** Tells whether a stage that was started does its work already. Asked again until it says yes, it throws, or the stage's time is over. */
@FunctionalInterface
public interface ReadinessProbe {

    /**
     * Whether the stage is ready. {@code false} means "not yet".
     *
     * @throws Exception if the stage will never be ready: it is not asked again and the start fails at once. A probe whose question can fail for a while,
     *     such as one over a connection that is refused until the stage listens, catches that and answers {@code false}
     */
    boolean isReady() throws Exception;

    /** Ready as soon as it was started. */
    static ReadinessProbe atOnce() {
        return () -> true;
    }
}
