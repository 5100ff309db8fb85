package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.FileRights;
import dev.cairn.backup.sqlite.live.FreeSpace;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;

/** Writes a snapshot's database into its staging folder and checks that it is one. */
final class Staging {

    /** Of SQLite's own operations: about a millisecond's worth. */
    private static final int OPERATIONS_PER_LOOK = 100_000;

    private final SnapshotId snapshot;
    private final boolean thorough;
    private final CancellationToken cancellation;

    Staging(SnapshotId snapshot, boolean thorough, CancellationToken cancellation) {
        this.snapshot = snapshot;
        this.thorough = thorough;
        this.cancellation = cancellation;
    }

    /**
     * Refuses a restore that does not fit; the old database stays, so all of the new one must.
     *
     * @param live the live database, which may be missing, as may its folder
     * @throws dev.cairn.backup.StoreException if it does not fit
     */
    static void requireSpace(Path live, long bytes) throws IOException {
        FreeSpace.require(
                live,
                bytes,
                "Free space on its disk; databases that earlier restores set aside there have '-before-' or '-corrupt-' in their names");
    }

    /**
     * Writes, forces and checks the staged file; its folder is made and is the caller's to remove after a failure.
     *
     * @throws DamagedSnapshotException if it is not a sound database
     * @throws BackupCancelledException if it was cancelled, or this thread interrupted; its flag is kept
     */
    void write(DatasetReader reader, Entry entry, Path staged) throws IOException {
        Path folder = staged.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException(staged + " has no folder");
        }
        DurableFiles.createDirectories(folder);
        cancellation.throwIfCancelled("Staging " + staged);
        fetch(reader, entry, staged);
        verify(entry, staged);
        FileRights.apply(entry.attributes(), staged);
        DurableFiles.forceDirectory(folder);
    }

    /** By as many threads as the repository likes, and on none that somebody may interrupt. */
    private void fetch(DatasetReader reader, Entry entry, Path staged) throws IOException {
        AtomicBoolean interrupted = new AtomicBoolean();
        FileIo.call(
                () -> {
                    try (StagedPieces pieces = StagedPieces.create(staged, entry.size(), cancellation, interrupted)) {
                        reader.contents(List.of(entry), pieces, cancellation);
                        pieces.finish();
                        return staged;
                    } catch (StagedPieces.WrongContentException e) {
                        throw new DamagedSnapshotException(
                                snapshot, entry.path().value(), String.valueOf(e.getMessage()), e);
                    }
                },
                () -> interrupted.set(true));
    }

    private void verify(Entry entry, Path staged) {
        try {
            SQLiteConnection connection = Connections.openImmutable(staged);
            try {
                ProgressHandler.setHandler(connection, OPERATIONS_PER_LOOK, whileWanted());
                Optional<String> damage = IntegrityVerdict.damage(connection, thorough, staged.toString());
                requireWanted(staged); // A check that was stopped tells nothing.
                if (damage.isPresent()) {
                    throw damaged(entry, damage.get(), null);
                }
            } finally {
                Connections.closeQuietly(connection);
            }
        } catch (SQLException e) {
            requireWanted(staged);
            if (SqliteFailure.of(e) == SqliteFailure.NOT_SOUND) {
                throw damaged(entry, String.valueOf(e.getMessage()), e);
            }
            throw SqliteFailure.store(staged, e);
        }
    }

    /** SQLite ends what it does, with an error, once this answers anything but 0. */
    private ProgressHandler whileWanted() {
        return new ProgressHandler() {
            @Override
            protected int progress() {
                return isUnwanted() ? 1 : 0;
            }
        };
    }

    private void requireWanted(Path staged) {
        if (isUnwanted()) {
            throw new BackupCancelledException("Checking " + staged);
        }
    }

    private boolean isUnwanted() {
        return cancellation.isCancelled() || Thread.currentThread().isInterrupted();
    }

    private BackupException damaged(Entry entry, String problem, @Nullable SQLException cause) {
        return new DamagedSnapshotException(
                snapshot, entry.path().value(), "is not a sound SQLite database (" + problem + ")", cause);
    }
}
