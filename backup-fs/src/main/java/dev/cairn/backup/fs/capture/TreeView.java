package dev.cairn.backup.fs.capture;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A frozen tree, put together from what its mode provides. */
final class TreeView implements FrozenView {

    private final @Nullable String identity;
    private final Supplier<EntryCursor> entries;
    private final Supplier<List<EntryPath>> changed;
    private final Runnable release;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable EntryCursor handedOut;

    TreeView(
            @Nullable String identity,
            Supplier<EntryCursor> entries,
            Supplier<List<EntryPath>> changed,
            Runnable release) {
        this.identity = identity;
        this.entries = entries;
        this.changed = changed;
        this.release = release;
    }

    /** @throws SourceException if the source cannot be read */
    @Override
    public EntryCursor entries() {
        if (!asked.compareAndSet(false, true)) {
            throw new IllegalStateException("the entries of a frozen view are read once");
        }
        EntryCursor cursor = entries.get();
        handedOut = cursor;
        if (closed.get()) {
            cursor.close();
        }
        return cursor;
    }

    @Override
    public Optional<String> identity() {
        return Optional.ofNullable(identity);
    }

    @Override
    public List<EntryPath> changedAfterCut() {
        return changed.get();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            EntryCursor cursor = handedOut;
            if (cursor != null) {
                cursor.close(); // Nobody must walk through what is released now.
            }
            release.run();
        }
    }
}
