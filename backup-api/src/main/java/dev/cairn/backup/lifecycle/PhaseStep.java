package dev.cairn.backup.lifecycle;

/** What a host does in one phase of its shutdown. */
@FunctionalInterface
interface PhaseStep {

    /**
     * Does it.
     *
     * @param deadline when the phase has to be over
     */
    PhaseOutcome run(Deadline deadline) throws Exception;
}
