package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.pack.PackId;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.TaskGroup;
import dev.cairn.backup.core.packed.store.Toolbox;
import dev.cairn.backup.core.work.Awaited;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads packs, those that are suspected first, then the least recently checked ones, as long as there is time. What it finds stays in the store, so that writers do not rely on a damaged
 * pack and the next check goes on where this one ended. For one caller; reads with as many threads as there are cores, each of which holds one pack.
 */
final class PackReading {

    private final Inventory inventory;
    private final RepositoryCheck check;
    private final Findings findings;
    private final ProgressMeter progress;
    private final Timing timing;
    private final Ledger ledger;
    private final DamagedRecords records;
    private final Map<PackId, Set<ChunkId>> unreadable = new HashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private int planned;
    private int read;
    private long lastSave;

    PackReading(Inventory inventory, RepositoryCheck check, Findings findings, ProgressMeter progress, Timing timing) {
        this.inventory = inventory;
        this.check = check;
        this.findings = findings;
        this.progress = progress;
        this.timing = timing;
        this.ledger = Ledger.read(inventory.store(), findings);
        this.records = new DamagedRecords(inventory, findings);
        this.lastSave = timing.nanos();
    }

    /** When which pack was checked, this check included. */
    Ledger ledger() {
        return ledger;
    }

    /** Packs that were found damaged before, or that are not of the size that the index tells. */
    List<PackId> suspected() {
        Set<PackId> wrongSize = inventory.ofWrongSize();
        return packs().stream()
                .filter(pack -> wrongSize.contains(pack)
                        || inventory.view().damaged().contains(pack)
                        || inventory.undirected().containsKey(pack)
                        || ledger.isWrong(pack))
                .sorted()
                .toList();
    }

    private Set<PackId> packs() {
        return inventory.view().packs().keySet();
    }

    /** All others, in the order in which they should be read. */
    private List<PackId> rest(List<PackId> suspected) {
        Set<PackId> first = Set.copyOf(suspected);
        return packs().stream()
                .filter(pack -> !first.contains(pack))
                .sorted(Comparator.comparingLong(ledger::lastCheck).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /**
     * Reads the suspected packs, whatever time is left.
     *
     * @param all whether to read the others as well, at least one of them
     * @return how many were left
     */
    int run(boolean all) {
        List<PackId> suspected = suspected();
        List<PackId> order = new ArrayList<>(suspected);
        if (all) {
            order.addAll(rest(suspected));
        }
        planned = order.size();
        if (!order.isEmpty()) {
            try {
                IndexedDirectories indexed = IndexedDirectories.read(inventory, findings);
                readAll(order, suspected.size() + 1, indexed);
            } finally {
                ledger.save();
            }
        }
        records.removeStale();
        return left();
    }

    /** How many packs were to be read and were not. */
    synchronized int left() {
        return planned - read;
    }

    private void readAll(List<PackId> order, int always, IndexedDirectories indexed) {
        OpenStore store = inventory.store();
        try (TaskGroup tasks = store.workers().computing()) {
            List<Future<Boolean>> readers = new ArrayList<>();
            for (int i = 0; i < Math.min(store.workers().count(), order.size()); i++) {
                readers.add(tasks.submit(() -> {
                    try (Toolbox.Tools tools = store.tools().borrow()) {
                        PackCheck one = new PackCheck(store, indexed, tools, PackCheck.GoodChunks.IGNORED);
                        readSome(order, always, one);
                        return true;
                    } finally {
                        next.set(order.size()); // After a failure the others need not go on.
                    }
                }));
            }
            try {
                readers.forEach(reader -> Awaited.result(reader, "check"));
            } finally {
                next.set(order.size()); // After an interrupt nor any of them.
            }
        }
    }

    private void readSome(List<PackId> order, int always, PackCheck one) {
        for (int i = next.getAndIncrement(); i < order.size(); i = next.getAndIncrement()) {
            if (check.cancellation().isCancelled()) {
                throw new BackupCancelledException("check");
            }
            if (i >= always && !timing.isLeft()) {
                return;
            }
            PackId pack = order.get(i);
            long size = inventory.view().packs().getOrDefault(pack, 0L);
            settle(one.check(pack, size));
            progress.advanced(1, size);
        }
    }

    private synchronized void settle(PackVerdict verdict) {
        read++;
        if (verdict.state() == PackVerdict.State.GONE) {
            return;
        }
        findings.read(verdict.size());
        boolean right = verdict.state() == PackVerdict.State.RIGHT;
        ledger.note(verdict.pack(), timing.now(), right);
        if (right) {
            records.right(verdict.pack());
        } else {
            String sentence = verdict.pack().blob() + " is damaged: " + String.join("; ", verdict.problems());
            findings.problem(sentence);
            records.wrong(verdict.pack(), sentence);
            unreadable.put(verdict.pack(), verdict.unreadable());
        }
        if (timing.nanos() - lastSave >= Timing.SAVE_NANOS) {
            lastSave = timing.nanos();
            ledger.save();
        }
    }

    /** The chunks that could not be read. */
    synchronized Damages damages() {
        return new Damages(unreadable);
    }
}
