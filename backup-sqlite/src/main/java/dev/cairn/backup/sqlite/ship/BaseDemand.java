package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import java.util.List;

/**
 * Asks for a new base when more was kept since the last one than the database holds, and more than 64 MiB: so that no point takes more than about twice as long to restore as a base. Thread-safe.
 */
final class BaseDemand {

    private static final long LEAST = 64L * 1024 * 1024;

    private final LogShipping shipping;
    private long databaseBytes;
    private long keptBytes;
    private long askedAt;

    BaseDemand(LogShipping shipping) {
        this.shipping = shipping;
    }

    /** Takes note that a base is being taken now, or must be anyway. */
    synchronized void base(long bytes) {
        databaseBytes = bytes;
        keptBytes = 0;
        askedAt = 0;
    }

    /** The same, for a database whose size has been seen. */
    synchronized void base() {
        base(databaseBytes);
    }

    synchronized void kept(LogSegment segment) {
        keptBytes += segment.content().length;
        List<LogSegment.Commit> commits = segment.commits();
        if (!commits.isEmpty()) {
            databaseBytes = commits.get(commits.size() - 1).size() * segment.pageSize();
        }
        // Asked again only after as much again: the engine may not be able to take one just now.
        long enough = Math.max(LEAST, databaseBytes);
        if (keptBytes - askedAt > enough) {
            askedAt = keptBytes;
            shipping.requestBase((keptBytes >> 20) + " MiB of log were kept since the last base");
        }
    }
}
