package dev.cairn.backup.lifecycle;

/** What happens to a source of events. */
public enum SourceSignal {
    /** The source said {@code source.hello}. */
    HELLO,
    /** What it then delivered was taken: it works. */
    CONFIRMED,
    /** It has not been heard of for too long. */
    LAPSED,
    /** The operator took it out. */
    REVOKED,
    /** The operator put it in again. */
    REGISTERED
}
