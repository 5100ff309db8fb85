package dev.cairn.backup.core.state;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value in memory, restored for a drill: the host's own value is neither asked nor replaced. Thread-safe.
 *
 * @param <T> the value's type
 */
public final class IsolatedState<T> implements Dataset {

    private final StateDataset<T> live;
    private volatile @Nullable T value;

    IsolatedState(StateDataset<T> live) {
        this.live = live;
    }

    /** What was restored; empty before that. */
    public Optional<T> value() {
        return Optional.ofNullable(value);
    }

    @Override
    public String name() {
        return live.name();
    }

    @Override
    public String kind() {
        return live.kind();
    }

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        T restored = value;
        if (restored == null) {
            throw new SourceException(name(), "nothing was restored yet", "Restore a snapshot first", null);
        }
        return Optional.of(new PreparedCapture() {
            @Override
            public FrozenView freeze() {
                return live.viewOf(restored);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        });
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        boolean same = differences(snapshot).isEmpty();
        boolean empty = value == null;
        return new DatasetPlan(
                name(),
                "memory",
                empty ? 1 : 0,
                empty || same ? 0 : 1,
                0,
                same ? 1 : 0,
                snapshot.summary().bytes(),
                List.of(),
                List.of());
    }

    /** Compares what both would be stored as now: a stored form may be older than the codec's. */
    @Override
    public List<String> differences(DatasetReader snapshot) {
        T restored = value;
        if (restored == null) {
            return List.of("no value was restored");
        }
        boolean same = Arrays.equals(live.encode(live.valueOf(snapshot)), live.encode(restored));
        return same ? List.of() : List.of("the restored value is not the stored one");
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        T stored = live.valueOf(snapshot);
        return new StagedRestore() {
            @Override
            public void swap() {
                value = stored;
            }

            @Override
            public void rollback() {
                value = null;
            }

            @Override
            public void finish() {
                // Nothing was made but the value.
            }
        };
    }

    /** {@inheritDoc} Nothing of it outlives the process. */
    @Override
    public StagedRestore resume(StageContext context) {
        return new StagedRestore() {
            @Override
            public void swap() {
                throw new IllegalStateException("the value of restore " + context.restoreId() + " is gone");
            }

            @Override
            public void rollback() {
                value = null;
            }

            @Override
            public void finish() {
                // Nothing is left.
            }
        };
    }
}
