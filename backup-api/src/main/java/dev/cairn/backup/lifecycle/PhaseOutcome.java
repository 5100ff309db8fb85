package dev.cairn.backup.lifecycle;

import java.util.Optional;

/** What became of one phase of a shutdown. */
public sealed interface PhaseOutcome {

    /** It is done. */
    record Done() implements PhaseOutcome {}

    /**
     * Its time was over before its work.
     *
     * @param left how much of the work is left, 1 or more
     */
    record Partly(long left) implements PhaseOutcome {}

    /**
     * It was not begun.
     *
     * @param why for want of time, or as the snapshot's own report says
     */
    record Skipped(String why) implements PhaseOutcome {}

    /**
     * It failed, or was given up when its time was over and may still be running.
     *
     * @param why what happened
     * @param cause what it threw, if it threw
     */
    record Failed(String why, Optional<Throwable> cause) implements PhaseOutcome {}
}
