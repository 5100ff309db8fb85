package dev.cairn.backup.core.ship;

import dev.cairn.backup.spi.BlobName;

/** A segment in the spool. */
record SpoolSlot(String timeline, long number) {

    BlobName blob() {
        return BlobName.of(Spool.FOLDER + "/" + timeline + "/" + "%019d".formatted(number));
    }

    /** What it is called in the repository, for messages. */
    String segment() {
        return SegmentFiles.name(timeline, number);
    }
}
