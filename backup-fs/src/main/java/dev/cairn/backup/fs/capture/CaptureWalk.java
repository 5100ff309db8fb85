package dev.cairn.backup.fs.capture;

import dev.cairn.backup.fs.tree.WalkListener;
import dev.cairn.backup.spi.EntryPath;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** Passes a walk's warnings to the snapshot, each once, and asks now and then whether the walk is still wanted. */
final class CaptureWalk implements WalkListener {

    private static final int ENTRIES_BETWEEN_QUESTIONS = 1000;

    private final CaptureSpec spec;
    private final Consumer<EntryPath> vanished;
    private final Set<String> warned = new HashSet<>();
    private volatile boolean stopped;
    private int looked;

    CaptureWalk(CaptureSpec spec, Consumer<EntryPath> vanished) {
        this.spec = spec;
        this.vanished = vanished;
    }

    /** Makes the walk fail at the next name, as nobody waits for it any more. Any thread. */
    void stop() {
        stopped = true;
    }

    /** @throws dev.cairn.backup.BackupCancelledException if the snapshot was given up or the calling thread interrupted; its flag is kept */
    void throwIfCancelled() {
        spec.context().cancellation().throwIfCancelled("The capture of dataset '" + spec.dataset() + "'");
    }

    @Override
    public String dataset() {
        return spec.dataset();
    }

    @Override
    public void looked() {
        if (stopped) {
            throw new CancellationException("the walk was closed");
        }
        if (++looked % ENTRIES_BETWEEN_QUESTIONS == 0) {
            throwIfCancelled();
        }
    }

    @Override
    public void warn(String warning) {
        if (warned.add(warning)) {
            spec.context().warn("Dataset '" + spec.dataset() + "': " + warning);
        }
    }

    @Override
    public void vanished(EntryPath path) {
        vanished.accept(path);
    }
}
