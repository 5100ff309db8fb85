package dev.cairn.backup.core.archive;

/** How the tar is compressed. Reading finds out by itself. */
public enum ArchiveFormat {
    /** Not at all. */
    TAR,
    /** With gzip, {@code .tar.gz}. */
    TAR_GZIP,
    /** With zstd, {@code .tar.zst}. */
    TAR_ZSTD
}
