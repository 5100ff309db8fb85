package dev.cairn.backup.core.restore;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Stands in for a dataset in the memory of a host that is down. What the snapshot holds of it is copied into the restore's journal as it is, and handed to the real one when the host opens its
 * manager.
 *
 * @param name the dataset's name
 * @param kind the dataset's kind
 */
record AwaitedDataset(String name, String kind) implements Dataset {

    /** A value in memory is written as one blob of the state store. */
    static final long MOST_BYTES = 1L << 28;

    private static final int MOST_ENTRIES = 1000;

    static AwaitedDataset of(DatasetSummary summary) {
        return new AwaitedDataset(summary.name(), summary.kind());
    }

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        throw new SourceException(name, "the host that has it in memory is down", "Start the host", null);
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return new DatasetPlan(
                name,
                "memory of the host, at its next start",
                0,
                1,
                0,
                0,
                snapshot.summary().bytes(),
                List.of("replace " + name),
                List.of());
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        try (EntryCursor entries = snapshot.entries()) {
            int count = 0;
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.type() != EntryType.FILE || entry.size() > MOST_BYTES || count == MOST_ENTRIES) {
                    throw new LimitExceededException(
                            "what waits of dataset '" + name + "' for the host's start, '" + entry.path() + "'",
                            entry.size(),
                            MOST_BYTES,
                            "Restore it while the host runs");
                }
                try (InputStream in = entry.content().open()) {
                    AwaitedReader.save(context, count++, entry, in.readAllBytes());
                }
            }
            AwaitedReader.saveCount(context, count);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "Dataset '" + name + "' of the snapshot cannot be read: " + e,
                    "Look after the repository's disk",
                    e);
        }
        return new Waiting();
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return new Waiting();
    }

    /** Everything is left for the host. */
    private static final class Waiting implements StagedRestore {

        @Override
        public void swap() {
            // The host will.
        }

        @Override
        public void rollback() {
            // The host has seen nothing.
        }

        @Override
        public void finish() {
            // The journal stays until the host has it.
        }
    }
}
