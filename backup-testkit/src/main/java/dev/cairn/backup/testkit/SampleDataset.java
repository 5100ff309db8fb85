package dev.cairn.backup.testkit;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A dataset for repositories to store: entries made by hand, never restored. */
public record SampleDataset(String name, List<Entry> entries) implements Dataset {

    static final String KIND = "sample";

    static final LogPosition LOG = new LogPosition("0123456789abcdef0123456789abcdef", 41);

    /** Puts the entries in the order of their paths. */
    public SampleDataset {
        entries =
                entries.stream().sorted((a, b) -> a.path().compareTo(b.path())).toList();
    }

    /** What a repository is given to store; a new one at each call. */
    public FrozenView view() {
        return new View(entries);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        throw new UnsupportedOperationException("a repository stores views and captures nothing");
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        throw new UnsupportedOperationException("a repository restores nothing");
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        throw new UnsupportedOperationException("a repository restores nothing");
    }

    @Override
    public StagedRestore resume(StageContext context) {
        throw new UnsupportedOperationException("a repository restores nothing");
    }

    private record View(List<Entry> all) implements FrozenView {

        @Override
        public EntryCursor entries() {
            return EntryCursor.of(all);
        }

        @Override
        public Optional<String> identity() {
            return Optional.of("sample-source");
        }

        @Override
        public Optional<LogPosition> logPosition() {
            return Optional.of(LOG);
        }

        @Override
        public Map<String, Long> counts() {
            return Map.of("rows", 12L);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
