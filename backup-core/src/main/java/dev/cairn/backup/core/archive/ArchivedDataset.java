package dev.cairn.backup.core.archive;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.util.Map;
import java.util.Optional;

/** A dataset of an archive, for a snapshot writer: a name and a kind, never captured and never restored by itself. */
record ArchivedDataset(String name, String kind) implements Dataset {

    /**
     * The dataset as a writer takes it. What changed after the cut is in the manifest, and goes from there into the imported one. Where its change log stood does not: an archive may have been
     * anywhere, and a restore to a point in time must not rest on it unasked, nor a prune keep a log for it.
     */
    record View(ArchiveManifest.Held held, EntryCursor entries) implements FrozenView {

        @Override
        public Optional<String> identity() {
            return Optional.ofNullable(held.identity());
        }

        @Override
        public Map<String, Long> counts() {
            return held.counts();
        }

        @Override
        public void close() {
            // The archive goes on.
        }
    }

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        throw onlyStored();
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        throw onlyStored();
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        throw onlyStored();
    }

    @Override
    public StagedRestore resume(StageContext context) {
        throw onlyStored();
    }

    private UnsupportedOperationException onlyStored() {
        return new UnsupportedOperationException("dataset '" + name + "' of an archive is stored, and nothing else");
    }
}
