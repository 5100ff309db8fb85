package dev.cairn.backup.core.listing;

import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryAttributes.Identity;
import dev.cairn.backup.spi.EntryType;
import java.time.Duration;
import java.time.Instant;

/**
 * Whether a file has the content that the parent stored, so that it need not be opened. A ctime cannot be set back by a program, but it is as coarse
 * as the file system's clock: a file that is written twice within one tick shows nothing. So one that is close to the parent's cut is not believed.
 */
public final class UnchangedRule {

    /** The coarsest time stamps in use are those of FAT, 2 s. */
    static final Duration TICK = Duration.ofSeconds(2);

    private UnchangedRule() {}

    /**
     * Whether all that can be known of a file without reading it is as it was: size, modification time, ctime and file key, the last three present
     * on both sides, and the ctime more than 2 s before the parent's cut. Nothing is assumed where something is missing.
     *
     * <p>The sizes compared are the one that the walk saw, which is the best estimate before capture, and the one that was stored. A file that grew
     * while the parent read it has another size there and is read again; one that changes after the walk is a matter of the dataset's consistency.
     *
     * @param now as the walk saw it
     * @param before the parent's entry of the same path
     * @param parentCut when the parent was cut
     */
    public static boolean unchanged(Entry now, ListedEntry before, Instant parentCut) {
        EntryAttributes is = now.attributes();
        EntryAttributes was = before.attributes();
        return now.type() == EntryType.FILE
                && before.type() == EntryType.FILE
                && now.size() == before.size()
                && is.modified().isPresent()
                && is.modified().equals(was.modified())
                && is.identity().isPresent()
                && is.identity().equals(was.identity())
                && isSettled(is.identity().get(), parentCut);
    }

    private static boolean isSettled(Identity identity, Instant parentCut) {
        // Not parentCut - 2 s, which does not exist for the earliest instants.
        return Duration.between(identity.changed(), parentCut).compareTo(TICK) > 0;
    }
}
