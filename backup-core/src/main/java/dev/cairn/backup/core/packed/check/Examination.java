package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.PackedManifest;
import dev.cairn.backup.core.packed.store.Sessions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** One check from its beginning to its report. For one caller. */
final class Examination {

    private static final int ATTEMPTS = 3;

    private final OpenStore open;
    private final RepositoryCheck check;
    private final Timing timing;
    private final Findings findings = new Findings();
    private StoredManifests manifests = new StoredManifests(List.of(), Map.of(), 0);
    private Map<SnapshotId, List<String>> lost = new TreeMap<>();
    private Map<SnapshotId, List<String>> failed = Map.of();
    private Optional<Instant> oldestCheck = Optional.empty();
    private long packsLeft;

    Examination(OpenStore open, RepositoryCheck check, Timing timing) {
        this.open = open;
        this.check = check;
        this.timing = timing;
    }

    RepositoryReport run() {
        try {
            look();
        } catch (BackupCancelledException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            findings.warning("The check was cancelled before its end");
        }
        return new RepositoryReport(
                check.depth(),
                timing.elapsed(),
                manifests.count(),
                findings.blobs(),
                packsLeft,
                findings.bytes(),
                oldestCheck,
                findings.problems(),
                lost,
                findings.warnings());
    }

    private boolean isDeepAs(VerificationDepth depth) {
        return check.depth().compareTo(depth) >= 0;
    }

    private void look() {
        // Manifests before the inventory: whatever they need was stored before they were.
        manifests = StoredManifests.read(Inventory.anew(open), findings, check.cancellation());
        manifests.damaged().forEach((id, reason) -> lost.put(id, List.of("(all, because its manifest is damaged)")));
        Inventory inventory = Inventory.take(open);
        Reach reach = Reach.of(inventory, manifests.readable(), check.cancellation());
        for (int attempt = 1; attempt < ATTEMPTS && !reach.isWhole(); attempt++) {
            Inventory again = Inventory.take(open);
            if (again.sameBlobs(inventory)) {
                break;
            }
            inventory = again; // A sweep has moved blocks meanwhile.
            reach = Reach.of(inventory, manifests.readable(), check.cancellation());
        }
        index(inventory, reach);
        ReaderRecords.read(inventory.store())
                .damaged()
                .forEach((blob, reason) -> findings.problem(
                        blob + " cannot be used, so that nothing can be freed: a repair removes it (" + reason + ")"));
        Set<ChunkId> lostChunks = Set.of();
        ProgressMeter progress = progress(inventory);
        try {
            if (isDeepAs(VerificationDepth.PRESENCE)) {
                lostChunks = packs(inventory, reach, progress);
            } else {
                oldestCheck = Ledger.read(inventory.store(), findings)
                        .oldest(inventory.view().packs().keySet());
            }
            check.cancellation().throwIfCancelled("check"); // The last packs may have been read while it was.
            if (isDeepAs(VerificationDepth.RESTORE)) {
                restore(inventory, progress);
            }
        } finally {
            progress.report();
        }
        name(inventory, reach, lostChunks);
    }

    private ProgressMeter progress(Inventory inventory) {
        OptionalLong total = OptionalLong.empty();
        if (isDeepAs(VerificationDepth.CONTENT)) {
            long bytes = inventory.view().packs().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            if (isDeepAs(VerificationDepth.RESTORE)) {
                for (PackedManifest manifest : manifests.readable()) {
                    bytes += manifest.manifest().metadata().datasets().stream()
                            .mapToLong(summary -> summary.bytes())
                            .sum();
                }
            }
            total = OptionalLong.of(bytes);
        }
        return new ProgressMeter("check", total, check.progress()::onProgress);
    }

    /** What is wrong with the index costs nothing that a repair could not bring back. */
    private void index(Inventory inventory, Reach reach) {
        inventory.view().unreadable().forEach((blob, reason) -> {
            if (blob.startsWith(Layout.INDEX + "/")) {
                findings.problem(blob + " cannot be used: rebuild the index with a repair (" + reason + ")");
                findings.warning(blob + " was left out; what it should tell was asked of the packs themselves");
            } else {
                findings.problem(blob
                        + " cannot be used, so that nothing can be freed and everything is stored anew: copy the repository to another store and go on there ("
                        + reason + ")");
            }
        });
        long unindexed = inventory.unindexed().stream()
                .filter(pack -> pack.directory().blocks().stream()
                        .anyMatch(block -> isNeededHere(inventory, reach, block.chunks())))
                .count();
        if (unindexed > 0) {
            findings.problem(
                    "The index lacks " + unindexed
                            + " packs that snapshots need: rebuild it with a repair, which restores nothing less than all of them");
        }
    }

    /** A pack of a writer that failed may hold chunks that others hold as well, and that the index knows there. */
    private static boolean isNeededHere(Inventory inventory, Reach reach, ChunkId[] chunks) {
        for (ChunkId id : chunks) {
            if (reach.isNeeded(id) && !inventory.view().readable().contains(id)) {
                return true;
            }
        }
        return false;
    }

    private Set<ChunkId> packs(Inventory inventory, Reach reach, ProgressMeter progress) {
        MissingPacks.name(inventory, reach.missing(), findings);
        PackReading reading = new PackReading(inventory, check, findings, progress, timing);
        try {
            packsLeft = reading.run(isDeepAs(VerificationDepth.CONTENT));
        } catch (BackupCancelledException e) {
            packsLeft = reading.left();
            throw e;
        } finally {
            oldestCheck = reading.ledger().oldest(inventory.view().packs().keySet());
        }
        return reading.damages().lost(inventory.index(), reach);
    }

    private void restore(Inventory inventory, ProgressMeter progress) {
        RestoreCheck restore = new RestoreCheck(inventory.store(), check.cancellation(), findings, progress, timing);
        restore.run(manifests.readable());
        // Where the index has gaps a restore fails, but nothing is lost that a repair could not bring back.
        boolean gaps = !inventory.unindexed().isEmpty()
                || !inventory.unreadableSegments().isEmpty();
        failed = gaps ? Map.of() : restore.failed();
    }

    private void name(Inventory inventory, Reach reach, Set<ChunkId> lostChunks) {
        reach.unreadable().forEach((id, reason) -> findings.problem("A part of a listing cannot be read: " + reason));
        reach.malformed().forEach(findings::problem);
        if (!lostChunks.isEmpty() || !reach.knowsAll()) {
            LostEntries entries = new LostEntries(inventory, lostChunks, check.cancellation());
            entries.of(manifests.readable()).forEach(this::lost);
            if (reach.knowsAll() && !entries.unused().isEmpty()) {
                findings.warning(entries.unused().size()
                        + " lost chunks hold nothing but hashes of pages: the next snapshot only reads more");
            }
        }
        failed.forEach(this::lost);
        lost.keySet().removeIf(id -> open.blobs().stat(Sessions.manifest(id)).isEmpty()); // Deleted meanwhile.
    }

    private void lost(SnapshotId id, List<String> names) {
        Set<String> all = new LinkedHashSet<>(lost.getOrDefault(id, List.of()));
        all.addAll(names);
        lost.put(id, new ArrayList<>(all).subList(0, Math.min(all.size(), LostEntries.MOST)));
    }

    /** The files that a restore fails on although no part of them is known to be lost. */
    Map<SnapshotId, List<String>> failed() {
        return failed;
    }
}
