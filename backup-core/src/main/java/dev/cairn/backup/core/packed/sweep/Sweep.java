package dev.cairn.backup.core.packed.sweep;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.core.claim.SnapshotClaims;
import dev.cairn.backup.core.index.LiveChunks;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.core.packed.store.StoredIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One sweep. For one caller; any number may run at once, in any processes, and each may be suspended or die at any step. */
public final class Sweep {

    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final long PAUSE_MILLIS = 50;
    private static final Duration PATIENCE_WITH_SWEEPS = Duration.ofDays(1);

    private final OpenStore store;
    private final SnapshotClaims claims;
    private final SweepRequest request;
    private final SpaceSaver space;
    private final long start = System.nanoTime();

    private Sweep(OpenStore store, SnapshotClaims claims, SweepRequest request) {
        this.store = store;
        this.claims = claims;
        this.request = request;
        this.space = new SpaceSaver(store.blobs());
    }

    /**
     * Sweeps.
     *
     * @throws dev.cairn.backup.DamagedSnapshotException if a manifest or listing cannot be read; nothing was removed
     * @throws DamagedRepositoryException if the index cannot be read whole; nothing was removed
     */
    public static SweepReport run(OpenStore store, SnapshotClaims claims, SweepRequest request) {
        return new Sweep(store, claims, request).run();
    }

    private SweepReport run() {
        long number = space.making(claims::number);
        Sessions.Session session = space.making(() -> store.sessions().sweep(number, Instant.now()));
        try {
            condemn(session);
            return carryOutWhatMayBe();
        } finally {
            try {
                store.sessions().end(session);
            } catch (BackupException e) {
                LOG.warn("The record {} of a sweep stays; a later sweep removes it", session.blob(), e);
            }
        }
    }

    /** Step 1. The order of the listings decides: a pack that was listed before the sessions belongs to one of them or to none that runs. */
    private void condemn(Sessions.Session own) {
        Map<PackId, Long> packs = store.index().packs();
        boolean alone = othersThan(own).isEmpty();
        StoredIndex.View view = store.index().view();
        requireWhole(view);
        // While a record stands, a pack in no index may be the copy that a sweep is making which nobody hears of any
        // more.
        alone &= view.condemned().isEmpty();
        Marking marking = new Marking(store, view.sound(), request.cancellation());
        Roots.markAll(store, marking);
        if (marking.unknown() > 0) {
            LOG.warn(
                    "{} chunks that snapshots need are in no sound pack that the index knows: damaged packs, and packs that it does not know, are left alone. Check the repository",
                    marking.unknown());
        }
        Map<PackId, LiveChunks.PackUse> sound = marking.uses();
        Set<PackId> indexed = view.readable().packs();
        boolean allFound = marking.unknown() == 0;
        Set<PackId> candidates = new HashSet<>();
        for (PackId pack : packs.keySet()) {
            LiveChunks.PackUse use = sound.get(pack);
            boolean goes = use != null ? isMostlyUnused(use) : allFound && (alone || indexed.contains(pack));
            if (goes && !view.condemned().contains(pack)) {
                candidates.add(pack);
            }
        }
        if (!candidates.isEmpty()) {
            Condemnation.put(store, space, own.number(), candidates);
        }
    }

    /** Other sessions but those of writers that are over, and of sweeps that are too old to be alive: what one of these copied is copied again before anything goes. */
    private List<Sessions.Session> othersThan(Sessions.Session own) {
        List<Sessions.Session> others = new ArrayList<>();
        for (Sessions.Session session : store.sessions().list()) {
            if (session.equals(own)) {
                continue;
            }
            if (session.snapshot().isPresent() ? isOver(session) : isDead(session)) {
                store.sessions().end(session);
            } else {
                others.add(session);
            }
        }
        return others;
    }

    /** Whether a writer has committed or was fenced: it has nothing left to do but to remove its session, and may have died before it did. */
    private boolean isOver(Sessions.Session writer) {
        return writer.snapshot()
                .flatMap(id -> store.blobs().stat(Sessions.manifest(id)))
                .isPresent();
    }

    private boolean isDead(Sessions.Session sweep) {
        return store.sessions()
                .started(sweep)
                .filter(at -> Duration.between(at, Instant.now()).abs().compareTo(PATIENCE_WITH_SWEEPS) > 0)
                .isPresent();
    }

    private boolean isMostlyUnused(LiveChunks.PackUse use) {
        if (!use.isUsed()) {
            return true;
        }
        return !space.isFull() && use.dead() > request.maxUnused() * (use.live() + use.dead());
    }

    /** What a segment or record says that cannot be read may be what a snapshot rests on. */
    private static void requireWhole(StoredIndex.View view) {
        if (!view.unreadable().isEmpty()) {
            String first = new TreeSet<>(view.unreadable().keySet()).first();
            throw new DamagedRepositoryException(
                    first, "cannot be used, so that nobody knows what is needed: repair the repository first", null);
        }
    }

    /** Steps 2 to 4, for every record that stands, whoever put it. */
    private SweepReport carryOutWhatMayBe() {
        Set<String> waitingFor = new TreeSet<>();
        List<Condemnation> ready = new ArrayList<>();
        long waiting = 0;
        for (Condemnation condemnation : Condemnation.list(store)) {
            OptionalLong drain = condemnation.drainNumber(store, space, claims);
            if (drain.isEmpty()) {
                continue;
            }
            List<Sessions.Session> writers = drained(drain.getAsLong());
            if (writers.isEmpty()) {
                ready.add(condemnation);
            } else {
                waiting += condemnation.packs().size();
                writers.forEach(session ->
                        waitingFor.add(session.snapshot().map(SnapshotId::value).orElseThrow()));
            }
        }
        Removal removal = new Removal(store, space, request.cancellation());
        if (!ready.isEmpty()) {
            removal.carryOut(ready);
        }
        space.restore();
        return new SweepReport(
                removal.packsRemoved(),
                removal.bytesFreed(),
                removal.packsRewritten(),
                waiting + removal.packsKept(),
                List.copyOf(waitingFor),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /** The writers that are left after as much patience as was asked for. */
    private List<Sessions.Session> drained(long drain) {
        while (true) {
            List<Sessions.Session> left = new ArrayList<>();
            for (Sessions.Session session :
                    Condemnation.waitingFor(store.sessions().list(), drain)) {
                if (isOver(session)) {
                    store.sessions().end(session);
                } else {
                    left.add(session);
                }
            }
            boolean patient = System.nanoTime() - start < request.patience().toNanos();
            if (left.isEmpty() || !patient) {
                return left;
            }
            request.cancellation().throwIfCancelled("sweep");
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BackupCancelledException("sweep");
            }
        }
    }
}
