package dev.cairn.backup.core.regress;

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
import java.util.Optional;

/** Another dataset whose frozen views yield other entries, or do something more when they are closed. */
class ChangedView implements Dataset {

    private final Dataset delegate;

    ChangedView(Dataset delegate) {
        this.delegate = delegate;
    }

    /** What the view yields. */
    EntryCursor entries(EntryCursor ofDelegate) {
        return ofDelegate;
    }

    /** Called each time a view was closed. */
    void closed() {}

    @Override
    public String name() {
        return delegate.name();
    }

    @Override
    public String kind() {
        return delegate.kind();
    }

    @Override
    public Optional<Location> location() {
        return delegate.location();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        return delegate.prepare(context).map(prepared -> new PreparedCapture() {
            @Override
            public FrozenView freeze() {
                return changed(prepared.freeze());
            }

            @Override
            public void close() {
                prepared.close();
            }
        });
    }

    private FrozenView changed(FrozenView view) {
        return new FrozenView() {
            @Override
            public EntryCursor entries() {
                return ChangedView.this.entries(view.entries());
            }

            @Override
            public void close() {
                view.close();
                closed();
            }
        };
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return delegate.compare(snapshot);
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        return delegate.stage(snapshot, context);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return delegate.resume(context);
    }
}
