package dev.cairn.backup;

/** How deep a verification looks; each depth includes those before it. */
public enum VerificationDepth {
    /** The manifest and the listings are there and are what was written. */
    MANIFEST,
    /** Everything that they name is stored with the right size. */
    PRESENCE,
    /** Every stored byte is read and compared with its checksums. */
    CONTENT,
    /** Every file is put together as a restore would, and compared with what the manifest says of it. */
    RESTORE
}
