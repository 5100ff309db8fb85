package dev.cairn.backup.testkit;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.CaptureContext;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A capture context that keeps what it was told. Thread-safe. */
public final class RecordingCaptureContext implements CaptureContext {

    private final SnapshotId snapshot;
    private final TestScratch scratch;
    private final CancellationToken cancellation = new CancellationToken();
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    private RecordingCaptureContext(SnapshotId snapshot, TestScratch scratch) {
        this.snapshot = snapshot;
        this.scratch = scratch;
    }

    /** For the snapshot {@code snap-1}, with scratch room in a folder. */
    public static RecordingCaptureContext in(Path scratchFolder) {
        return new RecordingCaptureContext(SnapshotId.of("snap-1"), TestScratch.in(scratchFolder));
    }

    /** The same for another snapshot or with other room. Warnings are not carried over. */
    public static RecordingCaptureContext of(SnapshotId snapshot, TestScratch scratch) {
        return new RecordingCaptureContext(snapshot, scratch);
    }

    @Override
    public SnapshotId snapshot() {
        return snapshot;
    }

    @Override
    public TestScratch scratch() {
        return scratch;
    }

    @Override
    public CancellationToken cancellation() {
        return cancellation;
    }

    @Override
    public void warn(String warning) {
        warnings.add(warning);
    }

    /** The warnings so far, in order. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }
}
