package dev.cairn.backup;

/** How loud an event is, in rising order. */
public enum AlertSeverity {
    /** For the log. */
    INFO,
    /** Worth a look. */
    WARN,
    /** Protection is weaker than it should be. */
    DEGRADED,
    /** An operator is needed now. */
    ESCALATE
}
