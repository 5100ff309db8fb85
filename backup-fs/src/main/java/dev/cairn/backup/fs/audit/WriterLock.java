package dev.cairn.backup.fs.audit;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.cairn.backup.AuditInUseException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.fs.tree.Places;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The right to write to a log, held by at most one of all processes. It is a lock on a file of its own, which is never removed: two processes could else hold
 * locks on two files of one name. The system drops it with the process.
 */
final class WriterLock implements Closeable {

    static final String NAME = "audit.lock";

    /**
     * What this process holds. POSIX drops a lock when the process closes <em>any</em> descriptor of the file (fcntl(2)), so one's own lock file must not
     * even be opened to try.
     */
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    /** Those that met a lock of this very process, which closing them would drop; the collector would close them too. One for each attempt, a mistake of the host's. */
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final String key;
    private final FileChannel channel;

    private WriterLock(String key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Takes the lock of the log in an existing folder.
     *
     * @throws AuditInUseException if somebody has it
     */
    static WriterLock take(Path folder) throws IOException {
        String key = Places.resolved(folder).toString();
        if (!OWN.add(key)) {
            throw new AuditInUseException(folder.toString());
        }
        boolean held = false;
        try {
            WriterLock lock = new WriterLock(key, FileIo.call(() -> lock(folder)));
            held = true;
            return lock;
        } finally {
            if (!held) {
                OWN.remove(key);
            }
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        FileChannel channel = FileChannel.open(
                file, Set.of(CREATE, WRITE, NOFOLLOW_LINKS), DurableFiles.ownerOnly(file, "rw-------"));
        boolean keep = false;
        try {
            keep = channel.tryLock() != null;
            if (!keep) {
                throw new AuditInUseException(folder.toString());
            }
            return channel;
        } catch (OverlappingFileLockException e) { // Held within this process, through another class loader.
            keep = true;
            NEVER_CLOSED.add(channel);
            throw new AuditInUseException(folder.toString());
        } finally {
            if (!keep) {
                channel.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OWN.remove(key);
        }
    }
}
