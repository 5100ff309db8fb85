package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.RepairReport;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.core.claim.SnapshotClaims;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Sessions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mends what can be mended without the sources, and names what cannot. It only ever adds packs and segments, and never deletes a pack, so it may run beside anything:
 *
 * <ul>
 *   <li>Its session, a sweep's, stands before it puts a pack: a sweep that sees such a pack in its first listing sees the session in its second, and leaves alone what no index tells of.
 *       Writers are not fenced and not waited for, and no sweep waits for a repair. A session that outlives a day may be removed: its packs may then go before a segment names them, which
 *       costs the copies and nothing else, because nothing that they were copied from goes with them.
 *   <li>A segment for a pack that a running writer has put tells what the writer will tell itself. A sweep may now condemn that pack, as it may any pack whose snapshot is not committed: it
 *       waits for the writer, marks again, and copies what is needed.
 *   <li>A chunk is copied only if a manifest needs it, and is not copied if a pack holds it that is neither damaged nor condemned. Should a sweep condemn that pack a moment later, it marks
 *       the chunk like any other. No manifest comes to rest on a copy.
 *   <li>A segment is removed only if it cannot be read, after others are durable that tell of every pack that can be read; whoever has read it before remembers nothing wrong.
 *   <li>A drain is removed only if its record is gone, and numbers are never used twice. A session is removed only if its manifest's place is taken, by the manifest or by a tombstone, so
 *       that its writer has nothing left to do; or if it is a sweep's and older than a day.
 *   <li>Tombstones stay: a writer that was fenced may wake up after days, and must still find its place taken, because its packs may be gone.
 * </ul>
 *
 * <p>After a failure, at any point, everything can be read that could be read before; another repair goes on.
 */
public final class Repair {

    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    private final OpenStore store;
    private final RepositoryCheck check;
    private final InstantSource clock;
    private final Sessions.Session session;
    private final List<String> actions = new ArrayList<>();

    private Repair(OpenStore store, RepositoryCheck check, InstantSource clock, Sessions.Session session) {
        this.store = store;
        this.check = check;
        this.clock = clock;
        this.session = session;
    }

    /**
     * Checks as deep as asked, then repairs.
     *
     * @return what was found; its {@code lost} is what is lost for good. After a cancellation what was found and done until then
     * @throws BackupCancelledException if the thread was interrupted
     * @throws dev.cairn.backup.StoreException if the store cannot be reached, cannot be written or has no room
     */
    public static RepairReport run(OpenStore store, SnapshotClaims claims, RepositoryCheck check) {
        return run(store, claims, check, InstantSource.system());
    }

    static RepairReport run(OpenStore store, SnapshotClaims claims, RepositoryCheck check, InstantSource clock) {
        Sessions.Session session = store.sessions().sweep(claims.number(), clock.instant());
        try {
            return new Repair(store, check, clock, session).run();
        } finally {
            try {
                store.sessions().end(session);
            } catch (BackupException e) {
                LOG.warn("The record {} of a repair stays; a later repair removes it", session.blob(), e);
            }
        }
    }

    private RepairReport run() {
        Examination before = new Examination(store, check, Timing.of(check));
        RepositoryReport found = before.run();
        try {
            check.cancellation().throwIfCancelled("repair");
            new IndexRebuild(store, actions).run();
            new Salvage(store, check.cancellation(), actions).run();
            new Leftovers(store, session, clock, actions).remove();
            if (!actions.isEmpty()) {
                found = withLost(found, lostNow(before));
            }
        } catch (BackupCancelledException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
        }
        return new RepairReport(found, actions);
    }

    /** What the repaired repository lacks. Damaged packs are known by now, so that no other needs to be read. */
    private Map<SnapshotId, List<String>> lostNow(Examination before) {
        RepositoryCheck again = RepositoryCheck.of(VerificationDepth.PRESENCE).cancellation(check.cancellation());
        RepositoryReport after = new Examination(store, again, Timing.of(again)).run();
        check.cancellation().throwIfCancelled("repair");
        Map<SnapshotId, List<String>> lost = new TreeMap<>(after.lost());
        before.failed().forEach((id, names) -> {
            Set<String> all = new LinkedHashSet<>(lost.getOrDefault(id, List.of()));
            all.addAll(names);
            lost.put(id, List.copyOf(all));
        });
        return lost;
    }

    private static RepositoryReport withLost(RepositoryReport found, Map<SnapshotId, List<String>> lost) {
        return new RepositoryReport(
                found.depth(),
                found.elapsed(),
                found.snapshots(),
                found.blobsChecked(),
                found.blobsLeft(),
                found.bytesChecked(),
                found.oldestCheck(),
                found.problems(),
                lost,
                found.warnings());
    }

    /** Whether something that began then is taken for dead; only patience depends on it, never safety. */
    static boolean isOld(Instant began, Instant now) {
        return began.plus(java.time.Duration.ofDays(1)).isBefore(now);
    }
}
