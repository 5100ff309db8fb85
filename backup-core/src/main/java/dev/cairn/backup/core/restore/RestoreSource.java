package dev.cairn.backup.core.restore;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.RestoreScope;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.util.List;
import java.util.function.Function;

/** Where restored data comes from. Closed once all is staged. */
interface RestoreSource extends AutoCloseable {

    /** Stages a dataset from it. */
    StagedRestore stage(Dataset dataset, StageContext context);

    /** The only paths of a dataset that it has; empty for the whole. */
    List<EntryPath> paths(String dataset);

    @Override
    void close();

    /** A snapshot, with how much of each dataset is wanted. */
    static RestoreSource of(SnapshotReader reader, Function<String, RestoreScope> scopes) {
        return new RestoreSource() {
            @Override
            public StagedRestore stage(Dataset dataset, StageContext context) {
                return dataset.stage(reader.dataset(dataset.name()), context, scopes.apply(dataset.name()));
            }

            @Override
            public List<EntryPath> paths(String dataset) {
                return scopes.apply(dataset).paths();
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
