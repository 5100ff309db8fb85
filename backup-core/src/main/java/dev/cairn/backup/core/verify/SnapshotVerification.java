package dev.cairn.backup.core.verify;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Reads everything of one snapshot. Damage of one entry does not keep the others from being read. For one caller at a time. */
public final class SnapshotVerification {

    private final SnapshotId id;
    private final CancellationToken cancellation;
    private final List<String> problems = new ArrayList<>();
    private boolean anyContent;
    private long entries;
    private long bytes;

    private SnapshotVerification(SnapshotId id, CancellationToken cancellation) {
        this.id = id;
        this.cancellation = cancellation;
    }

    /**
     * Reads the snapshot.
     *
     * @param configured the names of the host's datasets; those that the snapshot lacks are named as warnings
     * @throws SnapshotNotFoundException if there is none
     * @throws BackupCancelledException if it was cancelled
     */
    public static VerificationReport of(
            SnapshotRepository repository,
            SnapshotId id,
            List<String> configured,
            InstantSource clock,
            CancellationToken cancellation) {
        SnapshotVerification work = new SnapshotVerification(id, cancellation);
        long start = System.nanoTime();
        List<String> warnings = new ArrayList<>();
        try (SnapshotReader reader = repository.read(id)) {
            SnapshotMetadata metadata = reader.manifest().metadata();
            configured.stream()
                    .filter(name -> metadata.dataset(name)
                            .filter(DatasetSummary::present)
                            .isEmpty())
                    .forEach(name ->
                            warnings.add("snapshot '" + id + "' does not hold the configured dataset '" + name + "'"));
            metadata.datasets().stream().filter(DatasetSummary::present).forEach(summary -> work.read(reader, summary));
        } catch (SnapshotNotFoundException | BackupCancelledException e) {
            throw e;
        } catch (BackupException e) {
            work.problems.add(e.getMessage());
        }
        if (!work.anyContent && work.problems.isEmpty()) {
            work.problems.add("snapshot '" + id + "' is empty, so there is nothing that could have been verified");
        }
        return new VerificationReport(
                id,
                clock.instant(),
                Duration.ofNanos(System.nanoTime() - start),
                work.entries,
                work.bytes,
                warnings,
                work.problems);
    }

    private void read(SnapshotReader reader, DatasetSummary summary) {
        long entriesBefore = entries;
        long bytesBefore = bytes;
        int problemsBefore = problems.size();
        try (EntryCursor cursor = reader.dataset(summary.name()).entries()) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                cancellation.throwIfCancelled("verification of " + id);
                entries++;
                anyContent |= !entry.path().isRoot();
                if (entry.type() == EntryType.FILE) {
                    read(summary.name(), entry);
                }
            }
        } catch (BackupCancelledException e) {
            throw e;
        } catch (BackupException e) {
            problems.add(e.getMessage());
        }
        boolean allRead = problems.size() == problemsBefore;
        if (allRead && (entries - entriesBefore != summary.entries() || bytes - bytesBefore != summary.bytes())) {
            problems.add("dataset '" + summary.name() + "' has " + (entries - entriesBefore) + " entries of "
                    + (bytes - bytesBefore) + " bytes, the manifest says " + summary.entries() + " of "
                    + summary.bytes());
        }
    }

    private void read(String dataset, Entry entry) {
        try (InputStream in = entry.content().open()) {
            bytes += in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            problems.add(dataset + "/" + entry.path() + " cannot be read: " + e);
        } catch (BackupCancelledException e) {
            throw e;
        } catch (BackupException e) {
            problems.add(e.getMessage());
        }
    }
}
