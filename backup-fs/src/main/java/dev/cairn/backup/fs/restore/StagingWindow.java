package dev.cairn.backup.fs.restore;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.spi.ContentSink;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * The files that are asked for at once. Bounded, so that memory is; large, because a repository hands many files out cheaper than one, and because the first
 * force of many makes a journalling file system write most of the others too.
 */
final class StagingWindow implements ContentSink {

    private static final int MOST_FILES = 16 * 1024;
    private static final long MOST_BYTES = 256L << 20;

    /** Files of which more pieces are to come; the usual limit of a process is 1024 open ones. */
    private static final int MOST_OPEN = 64;

    /** Forces wait for the disk, not for a processor, and a journal commits those that wait together. */
    private static final int SETTLING_THREADS = 4;

    private static final int BUFFER_BYTES = 256 * 1024;

    private final SnapshotTree tree;
    private final Path stage;
    private final CancellationToken cancellation;
    private final AttributeWriter attributes;
    private final StagedRights rights;
    private final Semaphore mayStayOpen = new Semaphore(MOST_OPEN);
    private final List<StagedFile> files = new ArrayList<>();
    private long bytes;
    private volatile boolean interrupted;

    StagingWindow(SnapshotTree tree, Path stage, CancellationToken cancellation, AttributeWriter attributes) {
        this.tree = tree;
        this.stage = stage;
        this.cancellation = cancellation;
        this.attributes = attributes;
        this.rights = new StagedRights(stage.getFileSystem(), 0600);
    }

    void add(Path file, Entry entry) {
        files.add(new StagedFile(file, entry, rights, mayStayOpen));
        bytes = Math.max(bytes, bytes + entry.size());
    }

    boolean isFull() {
        return files.size() >= MOST_FILES || bytes >= MOST_BYTES;
    }

    /** Fetches, writes, verifies and forces what was added, and is empty again. */
    void settle() throws IOException {
        if (files.isEmpty()) {
            return;
        }
        try {
            tree.contents(files.stream().map(StagedFile::entry).toList(), this, cancellation);
            FileIo.forEach(files.size(), SETTLING_THREADS, () -> {
                ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
                return index -> settle(files.get(index), buffer);
            });
        } finally {
            for (StagedFile file : files) {
                file.abandon();
            }
        }
        files.clear();
        bytes = 0;
    }

    @Override
    public void accept(int file, long position, byte[] piece, int offset, int length) throws IOException {
        stopIfUnwanted();
        StagedFile staged = files.get(file);
        try {
            staged.write(position, piece, offset, length);
        } catch (IOException e) {
            throw failure(tree, staged.entry().path(), e);
        }
    }

    private void settle(StagedFile file, ByteBuffer buffer) throws IOException {
        stopIfUnwanted();
        try {
            file.settle(attributes, buffer);
        } catch (IOException e) {
            throw failure(tree, file.entry().path(), e);
        }
    }

    /** The caller was interrupted: ends the staging as its token would. Any thread. */
    void interrupt() {
        interrupted = true;
    }

    void stopIfUnwanted() {
        if (interrupted || cancellation.isCancelled()) {
            throw new BackupCancelledException("The staging of a restore into " + stage);
        }
    }

    /** The path order was checked, so a taken name means that this file system takes two names for one, such as {@code a} and {@code A}. */
    static IOException failure(SnapshotTree tree, EntryPath path, IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            throw tree.damaged(path, "has a name that this file system does not tell from another one's", e);
        }
        if (e instanceof StagedFile.WrongContentException) {
            throw tree.damaged(path, String.valueOf(e.getMessage()), e);
        }
        return e;
    }
}
