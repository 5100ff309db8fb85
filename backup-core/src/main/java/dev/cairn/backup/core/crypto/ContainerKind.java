package dev.cairn.backup.core.crypto;

/** What a container holds. Its number is part of what derives the key, so that none passes for another. */
public enum ContainerKind {
    /** Blocks of chunks. */
    PACK(1),
    /** Directories of packs. */
    INDEX(2),
    /** A snapshot's manifest. */
    MANIFEST(3),
    /** A statement about a snapshot. */
    MARK(4),
    /** What a running reader reads. */
    READER(5),
    /** Packs that are about to go. */
    CONDEMNED(6),
    /** When packs were checked. */
    LEDGER(7),
    /** A segment of a change log. */
    SEGMENT(8),
    /** A receipt, or the stub of a removed snapshot. */
    PROOF(9);

    private final int number;

    ContainerKind(int number) {
        this.number = number;
    }

    /** The number in the format. */
    int number() {
        return number;
    }

    /** Packs and index segments are named by their hash, which is known only when they are sealed; every other kind is bound to its name. */
    boolean boundToName() {
        return this != PACK && this != INDEX;
    }
}
