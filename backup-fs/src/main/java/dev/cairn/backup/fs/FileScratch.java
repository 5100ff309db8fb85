package dev.cairn.backup.fs;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.scratch.HeldFolder;
import dev.cairn.backup.spi.ScratchSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scratch space in a local folder. Each instance works in a folder of its own there, held by a lock that the system drops when the process ends;
 * {@link #clean} removes only folders whose lock it gets. Thread-safe. The quota counts reserved bytes of this instance; besides, the disk
 * must have the room at the time of the reservation.
 */
public final class FileScratch implements ScratchSpace, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("dev.cairn.backup.fs.scratch");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private final Path root;
    private final long quota;
    private @Nullable HeldFolder held;
    private long reserved;
    private long number;

    private FileScratch(Path root, long quota) {
        this.root = root.toAbsolutePath().normalize();
        this.quota = quota;
    }

    /** Scratch in the folder, without a quota. Touches nothing yet. */
    public static FileScratch at(Path root) {
        return new FileScratch(root, Long.MAX_VALUE);
    }

    /**
     * The same folder with a quota.
     *
     * @param bytes the most that may be reserved at a time, at least 1
     */
    public FileScratch quota(long bytes) {
        if (bytes < 1) {
            throw new InvalidValueException("scratch quota", bytes, "at least 1 byte");
        }
        return new FileScratch(root, bytes);
    }

    @Override
    public synchronized ScratchFile reserve(String label, long expectedBytes) {
        if (!LABEL.matcher(label).matches() || label.equals(".") || label.equals("..")) {
            throw new InvalidValueException("scratch label", label, "1 to 128 letters, digits and . _ -");
        }
        if (expectedBytes < 0) {
            throw new InvalidValueException("expected bytes", expectedBytes, "at least 0");
        }
        if (expectedBytes > quota - reserved) {
            throw new LimitExceededException(
                    "scratch space wanted in " + root + ", beside " + reserved + " bytes in use,",
                    expectedBytes,
                    quota - reserved,
                    "Raise the scratch quota, or give the scratch another disk");
        }
        try {
            Path own = folder().resolve(Long.toString(++number));
            long usable = Files.getFileStore(root).getUsableSpace();
            if (expectedBytes > usable) {
                throw new StoreException(
                        Reason.FULL,
                        "Scratch " + root + " has " + usable + " bytes of free space, " + expectedBytes
                                + " are needed for " + label,
                        "Free some space, or give the scratch another disk",
                        null);
            }
            Files.createDirectory(own, DurableFiles.ownerOnly(own, "rwx------"));
            reserved += expectedBytes;
            return new Reservation(own, own.resolve(label), expectedBytes);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Making scratch room in " + root, e);
        }
    }

    private Path folder() throws IOException {
        HeldFolder current = held;
        if (current == null || !Files.isDirectory(current.folder())) {
            close();
            current = HeldFolder.in(root);
            held = current;
        }
        return current.folder();
    }

    @Override
    public void clean() {
        try {
            HeldFolder.clean(root);
        } catch (IOException e) {
            LOG.warn("Old scratch in {} is not cleaned yet: {}", root, e.toString());
        }
    }

    /** Removes this instance's folder with all that is in it. The instance may be used again. */
    @Override
    public synchronized void close() {
        HeldFolder current = held;
        if (current != null) {
            held = null;
            current.close();
        }
    }

    private synchronized void release(long bytes) {
        reserved -= bytes;
    }

    private final class Reservation implements ScratchFile {

        private final Path own;
        private final Path file;
        private final long bytes;
        private final AtomicBoolean closed = new AtomicBoolean();

        Reservation(Path own, Path file, long bytes) {
            this.own = own;
            this.file = file;
            this.bytes = bytes;
        }

        @Override
        public Path path() {
            return file;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                release(bytes);
                try {
                    DurableFiles.deleteTree(own);
                } catch (IOException e) {
                    LOG.warn("Scratch {} is not removed yet: {}", own, e.toString());
                }
            }
        }
    }
}
