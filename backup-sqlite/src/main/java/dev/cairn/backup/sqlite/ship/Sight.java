package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.sqlite.wal.WalHeader;
import java.util.Optional;

/**
 * One look at a log.
 *
 * @param header its generation; empty if it has none, and then {@code frames} is 0
 * @param frames how many frames of it are committed; 0 also after a generation was ended and before anything is committed in the next, whose header may not be written yet
 * @param checkpointed how many of them are in the main file
 */
record Sight(Optional<WalHeader> header, int frames, int checkpointed) {

    /** Bytes of the log that count. */
    long bytes() {
        return header.map(it -> it.bytes(frames)).orElse(0L);
    }
}
