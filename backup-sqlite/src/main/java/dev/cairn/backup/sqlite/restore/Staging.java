package dev.cairn.backup.sqlite.restore;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.sqlite.live.Connections;
import dev.cairn.backup.sqlite.live.FileRights;
import dev.cairn.backup.sqlite.live.FreeSpace;
import dev.cairn.backup.sqlite.live.SqliteFailure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteConnection;

/** Writes a snapshot's database into its staging folder and checks that it is one. */
final class Staging {

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
     */
    void write(Entry entry, Path staged) throws IOException {
        Path folder = staged.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException(staged + " has no folder");
        }
        DurableFiles.createDirectories(folder);
        cancellation.throwIfCancelled("Staging " + staged);
        DurableFiles.writeNew(staged, () -> new Cancellable(entry.content().open(), "Staging " + staged));
        long size = Files.size(staged);
        if (size != entry.size()) {
            throw new DamagedSnapshotException(
                    snapshot, entry.path().value(), "has " + size + " bytes instead of " + entry.size(), null);
        }
        verify(entry, staged);
        FileRights.apply(entry.attributes(), staged);
        DurableFiles.forceDirectory(folder);
    }

    private void verify(Entry entry, Path staged) {
        try {
            SQLiteConnection connection = Connections.openImmutable(staged);
            try {
                Optional<String> damage = IntegrityVerdict.damage(connection, thorough, staged.toString());
                if (damage.isPresent()) {
                    throw damaged(entry, damage.get(), null);
                }
            } finally {
                Connections.closeQuietly(connection);
            }
        } catch (SQLException e) {
            if (SqliteFailure.of(e) == SqliteFailure.NOT_SOUND) {
                throw damaged(entry, String.valueOf(e.getMessage()), e);
            }
            throw SqliteFailure.store(staged, e);
        }
    }

    private BackupException damaged(
            Entry entry, String problem, @org.jspecify.annotations.Nullable SQLException cause) {
        return new DamagedSnapshotException(
                snapshot, entry.path().value(), "is not a sound SQLite database (" + problem + ")", cause);
    }

    /** Ends a long copy when the token asks for it. The bytes are read on one of the library's threads, whose interrupts mean nothing. */
    private final class Cancellable extends FilterInputStream {

        private final String operation;

        Cancellable(InputStream in, String operation) {
            super(in);
            this.operation = operation;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            cancellation.throwIfCancelled(operation);
            return super.read(buffer, offset, length);
        }
    }
}
