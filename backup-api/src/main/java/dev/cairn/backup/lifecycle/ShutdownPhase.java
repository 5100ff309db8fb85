package dev.cairn.backup.lifecycle;

/** The phases of a shutdown, in their order. */
public enum ShutdownPhase {
    /** Nothing new is let in. */
    REFUSE_NEW_WORK(true, 20),
    /** Sources and timers deliver nothing more. */
    PAUSE_INTAKE(true, 20),
    /** What is under way is worked off, as much as fits. */
    DRAIN(false, 0),
    /** What was worked off is committed. */
    COMMIT(false, 10),
    /** A snapshot is taken. */
    SNAPSHOT(false, 2),
    /** Stores are closed. */
    CLOSE_STORES(true, 10);

    private final boolean always;
    private final int share;

    ShutdownPhase(boolean always, int share) {
        this.always = always;
        this.share = share;
    }

    /**
     * Whether the phase is run even when the time is over: without it work would go on beside the shutdown, or stores be left open. The others are skipped
     * then.
     */
    public boolean isAlwaysRun() {
        return always;
    }

    /** The part of the budget that is kept for it by default is one by this; 0 for none. */
    int share() {
        return share;
    }
}
