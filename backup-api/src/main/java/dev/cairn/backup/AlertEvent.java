package dev.cairn.backup;

import java.time.Instant;

/**
 * An alert was raised, became louder or is over. Told once for each of these, however often health is asked.
 *
 * @param change which of them
 * @param alert the alert as it stands, or stood at last
 */
public record AlertEvent(Instant at, Change change, BackupAlert alert) implements BackupEvent {

    /** What became of an alert. */
    public enum Change {
        /** It stands from now on. */
        RAISED,
        /** It has been standing for so long that somebody must be called, now or again. */
        ESCALATED,
        /** It does not stand any more. */
        CLEARED
    }

    /** That of the alert; an alert that is over is for the log. */
    @Override
    public AlertSeverity severity() {
        return change == Change.CLEARED ? AlertSeverity.INFO : alert.severity();
    }

    @Override
    public String describe() {
        return switch (change) {
            case RAISED -> alert.sentence();
            case ESCALATED -> "since " + alert.since() + ": " + alert.sentence();
            case CLEARED -> "over: " + alert.kind() + " of " + alert.subject() + ", which was told at " + alert.since();
        };
    }
}
