package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.core.packed.read.PackedReader;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.PackedManifest;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Puts every file of every snapshot together on the way that a restore takes, newest snapshots first, and writes it nowhere. Contents that snapshots share are read for each of them: that
 * each one restores by itself is what is checked. For one caller.
 */
final class RestoreCheck {

    private static final int MOST_FILES = 20_000;
    private static final long MOST_BYTES = 1L << 30;

    private final OpenStore store;
    private final CancellationToken cancellation;
    private final Findings findings;
    private final ProgressMeter progress;
    private final Timing timing;
    private final Map<SnapshotId, List<String>> failed = new TreeMap<>();
    private boolean begun;
    private long left;

    RestoreCheck(
            OpenStore store, CancellationToken cancellation, Findings findings, ProgressMeter progress, Timing timing) {
        this.store = store;
        this.cancellation = cancellation;
        this.findings = findings;
        this.progress = progress;
        this.timing = timing;
    }

    /** The files that could not be put together, as {@code dataset/path}. */
    Map<SnapshotId, List<String>> failed() {
        return failed;
    }

    /** Reads as many datasets as there is time for, at least one. */
    void run(List<PackedManifest> manifests) {
        for (PackedManifest manifest : manifests) {
            try (PackedReader reader = PackedReader.open(store, manifest.id())) {
                for (DatasetSummary summary : manifest.manifest().metadata().datasets()) {
                    if (begun && !timing.isLeft()) {
                        left++;
                    } else if (summary.present()) {
                        begun = true;
                        progress.dataset(summary.name());
                        new Reading(reader.dataset(summary.name()), summary).run();
                    }
                }
            } catch (SnapshotNotFoundException e) {
                continue; // Deleted meanwhile.
            } catch (DamagedSnapshotException e) {
                findings.problem(Findings.sentence(e));
            }
        }
        if (left > 0) {
            findings.warning(left + " datasets of snapshots were not put together, because the time was up");
        }
    }

    /** One dataset of one snapshot. */
    private final class Reading {

        private final DatasetReader reader;
        private final DatasetSummary summary;
        private List<Entry> batch = new ArrayList<>();
        private long batchBytes;
        private long entries;
        private long bytes;

        Reading(DatasetReader reader, DatasetSummary summary) {
            this.reader = reader;
            this.summary = summary;
        }

        void run() {
            try (EntryCursor cursor = reader.entries()) {
                for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                    cancellation.throwIfCancelled("check");
                    entries++;
                    bytes += entry.size();
                    if (entry.type() == EntryType.FILE) {
                        batch.add(entry);
                        batchBytes += entry.size();
                    }
                    if (batch.size() >= MOST_FILES || batchBytes >= MOST_BYTES) {
                        readBatch();
                    }
                }
                readBatch();
            } catch (DamagedSnapshotException | DamagedRepositoryException e) {
                findings.problem(
                        Findings.sentence(e)); // The listing; its entries are named by who looks for lost chunks.
                return;
            }
            if (entries != summary.entries() || bytes != summary.bytes()) {
                findings.problem(where() + " has " + entries + " entries of " + bytes + " bytes, its manifest tells of "
                        + summary.entries() + " of " + summary.bytes());
            }
        }

        private String where() {
            return "Dataset " + summary.name() + " of snapshot '"
                    + reader.snapshot().id() + "'";
        }

        private void readBatch() {
            List<Entry> files = batch;
            batch = new ArrayList<>();
            batchBytes = 0;
            AtomicLongArray sums = new AtomicLongArray(files.size());
            boolean failure = read(files, sums) != null;
            for (int i = 0; i < files.size(); i++) {
                Entry file = files.get(i);
                long sum = sums.get(i);
                BackupException reason = null;
                if (failure && sum != file.size()) { // Or it only was not its turn yet.
                    AtomicLongArray alone = new AtomicLongArray(1);
                    reason = read(List.of(file), alone);
                    sum = alone.get(0);
                }
                if (reason != null || sum != file.size()) {
                    fail(file, reason, sum);
                }
                progress.advanced(1, file.size());
            }
        }

        private @Nullable BackupException read(List<Entry> files, AtomicLongArray sums) {
            try {
                reader.contents(
                        files, (file, position, piece, offset, length) -> sums.addAndGet(file, length), cancellation);
                return null;
            } catch (DamagedSnapshotException | DamagedRepositoryException e) {
                return e;
            } catch (StoreException e) {
                Findings.readError(e);
                return e;
            } catch (IOException e) {
                return new StoreException(StoreException.Reason.IO, "Reading failed: " + e, "Check the store", e);
            }
        }

        private void fail(Entry file, @Nullable BackupException reason, long sum) {
            SnapshotId id = reader.snapshot().id();
            String name = summary.name() + "/" + file.path();
            findings.problem(name + " of snapshot '" + id + "' cannot be put together: "
                    + (reason == null
                            ? "it has " + sum + " bytes instead of " + file.size()
                            : Findings.sentence(reason)));
            List<String> names = failed.computeIfAbsent(id, key -> new ArrayList<>());
            if (names.size() < LostEntries.MOST) {
                names.add(name);
            }
        }
    }
}
