package dev.cairn.backup.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.StoreException.Reason;
import dev.cairn.backup.fs.blob.BlobDeletion;
import dev.cairn.backup.fs.blob.BlobListing;
import dev.cairn.backup.fs.blob.BlobPut;
import dev.cairn.backup.fs.blob.FolderNames;
import dev.cairn.backup.fs.blob.StoreFolder;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.fs.tree.Places;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.ScratchSpace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Blobs as files in a local folder, or in one of a network file system that has hard links. A blob's name is its path below the folder; nothing
 * whose name has a tilde is a blob. Safe for many threads and many processes.
 *
 * <p>The folder is opened by the first operation and made if it is missing, readable by the owner only; if it disappears later it is not made again. A
 * folder in it that is a symbolic link is refused by put and list. While it cannot be reached,
 * operations throw {@link StoreException} with {@link Reason#UNREACHABLE}; each later one tries again. Before the first put the file system is
 * probed: one without hard links is refused unless {@link #declareSingleWriter} was called; one that cannot force folders or keep rights is reported
 * once by a warning. Temporary files of puts that died more than 24 hours ago are removed by {@link #list}.
 */
public final class FileBlobStore implements BlobStore {

    private static final String SCRATCH = "~scratch";
    private static final int PIECE_BYTES = 256 * 1024;

    private final StoreFolder folder;
    private final BlobPut put;
    private final FileScratch scratch;
    private final FolderNames names = new FolderNames();

    private FileBlobStore(StoreFolder folder) {
        this.folder = folder;
        this.put = new BlobPut(folder);
        this.scratch = FileScratch.at(folder.root().resolve(SCRATCH));
    }

    /** A store in the folder. Touches nothing yet. */
    public static FileBlobStore at(Path root) {
        return new FileBlobStore(new StoreFolder(root, false));
    }

    /**
     * This store for a file system without hard links, where a put is a check and a rename: safe between the threads of this process,
     * not between processes. Where there are hard links it changes nothing.
     */
    public FileBlobStore declareSingleWriter() {
        return new FileBlobStore(new StoreFolder(folder.root(), true));
    }

    /** The folder. */
    public Path root() {
        return folder.root();
    }

    @Override
    public PutOutcome putIfAbsent(BlobName name, BlobContent content) {
        return put.put(name, content);
    }

    @Override
    public InputStream read(BlobName name) {
        Path file = existing(name);
        try {
            // The stream of a file is not interruptible, unlike a channel that the caller would read from.
            return Files.newInputStream(file, NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw new BlobNotFoundException(name.value());
        } catch (IOException e) {
            throw failure("Reading", name, e);
        }
    }

    @Override
    public byte[] readRange(BlobName name, long offset, int length) {
        if (offset < 0 || length < 0) {
            throw new InvalidValueException("range", offset + "+" + length, "an offset and a length of at least 0");
        }
        Path file = existing(name);
        try {
            return range(file, offset, length);
        } catch (NoSuchFileException e) {
            throw new BlobNotFoundException(name.value());
        } catch (IOException e) {
            throw failure("Reading", name, e);
        }
    }

    /** On this thread, since the way to another costs as much as a small read. An interrupt closes the channel; then nothing was changed and another thread reads. */
    private static byte[] range(Path file, long offset, int length) throws IOException {
        try {
            return interruptibleRange(file, offset, length);
        } catch (ClosedByInterruptException e) {
            return FileIo.call(() -> interruptibleRange(file, offset, length));
        }
    }

    private static byte[] interruptibleRange(Path file, long offset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, NOFOLLOW_LINKS))) {
            long size = channel.size();
            // Checked before the allocation: a wrong length from a damaged index must not exhaust the memory.
            if (length > size || offset > size - length) {
                throw new IOException(
                        "the blob has " + size + " bytes, " + length + " from " + offset + " on were asked for");
            }
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.position() < length) {
                // The JDK copies through memory outside the heap, which should stay in the processor's cache.
                bytes.limit(bytes.position() + Math.min(PIECE_BYTES, length - bytes.position()));
                if (channel.read(bytes, offset + bytes.position()) < 0) {
                    throw new IOException("the blob ended before byte " + (offset + length));
                }
            }
            return bytes.array();
        }
    }

    @Override
    public Optional<BlobInfo> stat(BlobName name) {
        Path file = folder.file(name);
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? Optional.of(new BlobInfo(name, attributes.size())) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            // A file where the name has a folder: there can be no such blob. Linux reports ENOTDIR, which has no type
            // of its own.
            if (Files.notExists(file, NOFOLLOW_LINKS) || hasFileAbove(file)) {
                return Optional.empty();
            }
            throw failure("Looking up", name, e);
        }
    }

    private boolean hasFileAbove(Path file) {
        for (Path above = file.getParent(); above != null && !above.equals(folder.root()); above = above.getParent()) {
            if (Files.isRegularFile(above, NOFOLLOW_LINKS)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<BlobInfo> list(String parent) {
        validFolder(parent);
        try {
            return BlobListing.list(folder.opened(), parent);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Listing '" + parent + "' in " + folder.root(), e);
        }
    }

    @Override
    public Set<String> children(String parent) {
        validFolder(parent);
        try {
            return names.below(folder.opened(), parent);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Listing '" + parent + "' in " + folder.root(), e);
        }
    }

    private static void validFolder(String parent) {
        if (!parent.isEmpty()) {
            BlobName.of(parent);
        }
    }

    @Override
    public boolean delete(BlobName name) {
        Path file = folder.file(name);
        try {
            return BlobDeletion.delete(folder.root(), file);
        } catch (IOException e) {
            throw failure("Deleting", name, e);
        }
    }

    @Override
    public boolean singleWriter() {
        return folder.singleWriterDeclared() && folder.lacksLinks();
    }

    @Override
    public Optional<Location> location() {
        return Optional.of(Places.locate(folder.root()));
    }

    /** {@code ~scratch} in the folder, without a quota. */
    @Override
    public Optional<ScratchSpace> scratch() {
        return Optional.of(scratch);
    }

    @Override
    public String describe() {
        return folder.root().toString();
    }

    /** Removes this process's scratch. The store may be used again. */
    @Override
    public void close() {
        scratch.close();
    }

    private Path existing(BlobName name) {
        if (stat(name).isEmpty()) {
            throw new BlobNotFoundException(name.value());
        }
        return folder.file(name);
    }

    private StoreException failure(String what, BlobName name, IOException e) {
        return DurableFiles.storeFailure(what + " blob '" + name + "' in " + folder.root(), e);
    }
}
