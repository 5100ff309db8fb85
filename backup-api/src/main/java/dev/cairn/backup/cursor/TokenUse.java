package dev.cairn.backup.cursor;

/** Whether a one-time token may be used. Everything but {@link #ACCEPTED} is a refusal and changes nothing. */
public enum TokenUse {
    /** Not used before. It is now. */
    ACCEPTED,
    /** Used before. */
    ALREADY_USED,
    /** Issued longer ago than tokens are valid, or so long ago that its use may have been forgotten. */
    EXPIRED,
    /** Stamped later than the clocks' greatest difference explains. */
    NOT_YET_VALID,
    /** Issued before a restore, which may have undone its use: have a new one issued. */
    BEFORE_RESTORE,
    /** The fence holds as many tokens as it may; forgetting one would open it. Try again when others have expired. */
    FULL
}
