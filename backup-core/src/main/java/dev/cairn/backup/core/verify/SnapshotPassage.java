package dev.cairn.backup.core.verify;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot from where an earlier reading stopped, as far as its pace allows. Damage of one entry does not keep the others from being read. A content that was begun is read to its end, else a
 * large one never would be. Used once, by one thread.
 */
final class SnapshotPassage {

    private static final int PIECE = 1 << 20;

    private final SnapshotId id;
    private final VerificationDepth depth;
    private final Pace pace;
    private final CancellationToken cancellation;
    private final List<String> problems;
    private final List<String> warnings = new ArrayList<>();
    private final Duration elapsedBefore;
    private @Nullable String dataset;
    private @Nullable String path;
    private long datasetEntries;
    private long datasetBytes;
    private long entries;
    private long bytes;
    private boolean anyContent;
    private boolean stopped;
    private final long start = System.nanoTime();

    SnapshotPassage(SnapshotId id, VerificationDepth depth, Position from, Pace pace, CancellationToken cancellation) {
        this.id = id;
        this.depth = depth;
        this.pace = pace;
        this.cancellation = cancellation;
        this.problems = new ArrayList<>(from.problems());
        this.elapsedBefore = from.elapsed();
        this.dataset = from.dataset();
        this.path = from.path();
        this.datasetEntries = from.datasetEntries();
        this.datasetBytes = from.datasetBytes();
        this.entries = from.entries();
        this.bytes = from.bytes();
        this.anyContent = from.anyContent();
    }

    /**
     * Reads on and answers whether the end was reached.
     *
     * @param configured the names of the host's datasets; those that the snapshot lacks are named as warnings
     * @throws SnapshotNotFoundException if there is none
     * @throws BackupCancelledException if it was cancelled
     */
    boolean read(SnapshotRepository repository, List<String> configured) {
        try (SnapshotReader reader = repository.read(id)) {
            SnapshotMetadata metadata = reader.manifest().metadata();
            configured.stream()
                    .filter(name -> metadata.dataset(name)
                            .filter(DatasetSummary::present)
                            .isEmpty())
                    .forEach(name ->
                            warnings.add("snapshot '" + id + "' does not hold the configured dataset '" + name + "'"));
            if (depth != VerificationDepth.MANIFEST) {
                read(reader, metadata);
            }
        } catch (SnapshotNotFoundException | BackupCancelledException e) {
            throw e;
        } catch (BackupException e) {
            problems.add(e.getMessage());
        }
        if (!stopped && !anyContent && problems.isEmpty() && depth != VerificationDepth.MANIFEST) {
            problems.add("snapshot '" + id + "' is empty, so there is nothing that could have been verified");
        }
        return !stopped;
    }

    private void read(SnapshotReader reader, SnapshotMetadata metadata) {
        String begun = dataset;
        boolean before = begun != null && metadata.dataset(begun).isPresent();
        for (DatasetSummary summary : metadata.datasets()) {
            boolean here = summary.name().equals(begun);
            if (before && !here) {
                continue;
            }
            before = false;
            if (!here) {
                dataset = summary.name();
                path = null;
                datasetEntries = 0;
                datasetBytes = 0;
            }
            if (summary.present()) {
                read(reader, summary);
            }
            if (stopped) {
                return;
            }
        }
    }

    private void read(SnapshotReader reader, DatasetSummary summary) {
        int problemsBefore = problems.size();
        String last = path;
        EntryPath after = last == null ? null : EntryPath.of(last);
        try (EntryCursor cursor = reader.dataset(summary.name()).entries()) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                cancellation.throwIfCancelled("verification of " + id);
                if (after != null && entry.path().compareTo(after) <= 0) {
                    continue;
                }
                if (!pace.goesOn()) {
                    stopped = true;
                    return;
                }
                read(summary.name(), entry);
            }
        } catch (BackupCancelledException e) {
            throw e;
        } catch (BackupException e) {
            problems.add(e.getMessage());
        }
        boolean allRead = problems.size() == problemsBefore;
        if (allRead && (datasetEntries != summary.entries() || datasetBytes != summary.bytes())) {
            problems.add("dataset '" + summary.name() + "' has " + datasetEntries + " entries of " + datasetBytes
                    + " bytes, the manifest says " + summary.entries() + " of " + summary.bytes());
        }
    }

    private void read(String name, Entry entry) {
        if (entry.type() == EntryType.FILE) {
            long size = depth == VerificationDepth.PRESENCE ? entry.size() : content(name, entry);
            datasetBytes += size;
            bytes += size;
        }
        entries++;
        datasetEntries++;
        anyContent |= !entry.path().isRoot();
        path = entry.path().value();
    }

    private long content(String name, Entry entry) {
        long read = 0;
        try (InputStream in = entry.content().open()) {
            byte[] piece = new byte[(int) Math.max(1, Math.min(PIECE, entry.size()))];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                read += n;
                pace.rest();
                cancellation.throwIfCancelled("verification of " + id);
            }
        } catch (IOException e) {
            problems.add(name + "/" + entry.path() + " cannot be read: " + e);
        } catch (BackupCancelledException e) {
            throw e;
        } catch (BackupException e) {
            problems.add(e.getMessage());
        }
        return read;
    }

    private Duration elapsed() {
        return elapsedBefore.plusNanos(System.nanoTime() - start);
    }

    /** Where another reading goes on. */
    Position position() {
        return new Position(
                dataset, path, datasetEntries, datasetBytes, entries, bytes, anyContent, elapsed(), problems);
    }

    /** What this reading and those before it have shown. */
    VerificationReport report(Instant at) {
        return new VerificationReport(id, at, elapsed(), entries, bytes, warnings, problems);
    }
}
