package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.spi.LogShipping;
import java.util.function.Consumer;

/**
 * Where a session ships to, and whom it tells; outlives the session.
 *
 * @param shipping keeps the segments
 * @param index told which frame ended which transaction
 * @param standing told where the shipper stands
 * @param demand asks for bases
 * @param tail remembers the pages that were changed
 * @param segmentBytes bytes of pages in a segment, at most
 */
record Outlet(
        LogShipping shipping,
        CommitIndex index,
        Consumer<Standing> standing,
        BaseDemand demand,
        PageTail tail,
        int segmentBytes) {}
