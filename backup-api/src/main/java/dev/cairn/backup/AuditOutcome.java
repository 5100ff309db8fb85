package dev.cairn.backup;

/** What became of something that somebody wanted. */
public enum AuditOutcome {
    /** It was permitted, and it was done. */
    ALLOWED,
    /** It was refused; nothing was touched. */
    DENIED,
    /** It was permitted and went wrong. */
    FAILED
}
