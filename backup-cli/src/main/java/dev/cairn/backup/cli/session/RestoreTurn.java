package dev.cairn.backup.cli.session;

import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The turn to restore, or to end a restore that was interrupted: held by at most one process, so that none takes the running restore of another for one whose process died. A lock on a file of its
 * own in the state store's folder, which the system drops with the process.
 */
public final class RestoreTurn implements AutoCloseable {

    private static final String NAME = "restore.lock";

    /** What this process holds: closing any descriptor of the file would drop the lock (fcntl(2)), so one's own is never opened to try. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final FileChannel channel;

    private RestoreTurn(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Takes the turn.
     *
     * @param state the state store's folder, which exists
     * @throws BackupBusyException if somebody has it
     * @throws StoreException if the folder cannot be written
     */
    public static RestoreTurn take(Path state) {
        try {
            Path key = state.toRealPath();
            if (!OWN.add(key)) {
                throw busy();
            }
            return lock(key);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "The turn to restore cannot be taken in " + state + ": " + e,
                    "Look after the folder of the state store",
                    e);
        }
    }

    private static RestoreTurn lock(Path key) throws IOException {
        FileChannel channel = null;
        boolean held = false;
        try {
            channel = FileChannel.open(
                    key.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            held = channel.tryLock() != null;
            if (!held) {
                throw busy();
            }
            return new RestoreTurn(key, channel);
        } finally {
            if (!held) {
                OWN.remove(key);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static BackupBusyException busy() {
        return new BackupBusyException(
                "Another cairn restores, or ends a restore that was interrupted", "Wait for its end, then try again");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock goes with the process at the latest.
        } finally {
            OWN.remove(key);
        }
    }
}
