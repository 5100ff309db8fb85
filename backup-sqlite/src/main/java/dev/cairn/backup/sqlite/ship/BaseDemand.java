package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import java.util.List;

/**
 * Asks for a new base when more was kept since the last one than the database holds, and more than 64 MiB; or as many segments as cost as much to read: so that no point takes more than about twice as
 * long to restore as a base. Thread-safe.
 */
final class BaseDemand {

    private static final long LEAST = 64L * 1024 * 1024;

    /**
     * What reading one segment costs apart from its pages, as bytes of a base that are restored and checked in that time: 0.15 to 0.3 ms on a busy machine against 110 to 165 MB/s. A database of 500 MB
     * that commits a row at each look would else get 40 000 segments on a base.
     */
    private static final long SEGMENT = 32L * 1024;

    /** As {@link #LEAST}, for segments: about a second. */
    private static final long LEAST_SEGMENTS = 4096;

    private final LogShipping shipping;
    private long databaseBytes;
    private long keptBytes;
    private long keptSegments;
    private long askedAtBytes;
    private long askedAtSegments;

    BaseDemand(LogShipping shipping) {
        this.shipping = shipping;
    }

    /** Takes note of the size of a database whose log goes on: what was kept before still lies on the last base. */
    synchronized void goesOn(long bytes) {
        databaseBytes = bytes;
    }

    /** Takes note that a base is being taken now, or must be anyway. */
    synchronized void base(long bytes) {
        databaseBytes = bytes;
        keptBytes = 0;
        keptSegments = 0;
        askedAtBytes = 0;
        askedAtSegments = 0;
    }

    /** The same, for a database whose size has been seen. */
    synchronized void base() {
        base(databaseBytes);
    }

    synchronized void kept(LogSegment segment) {
        keptBytes += segment.content().length;
        keptSegments++;
        List<LogSegment.Commit> commits = segment.commits();
        if (!commits.isEmpty()) {
            databaseBytes = commits.get(commits.size() - 1).size() * segment.pageSize();
        }
        // Asked again only after as much again: the engine may not be able to take one just now.
        if (keptBytes - askedAtBytes > Math.max(LEAST, databaseBytes)
                || keptSegments - askedAtSegments > Math.max(LEAST_SEGMENTS, databaseBytes / SEGMENT)) {
            askedAtBytes = keptBytes;
            askedAtSegments = keptSegments;
            shipping.requestBase(
                    (keptBytes >> 20) + " MiB of log in " + keptSegments + " segments were kept since the last base");
        }
    }
}
