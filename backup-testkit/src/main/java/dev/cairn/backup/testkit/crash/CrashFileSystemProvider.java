package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Does what the default provider does, with the log's monitor held for whatever changes the disk. */
final class CrashFileSystemProvider extends FileSystemProvider {

    private static final Set<StandardOpenOption> WRITING =
            EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private static final int NO_INODE = -1;

    private final CrashFileSystem fileSystem;
    private final OperationLog log;
    private final Faults faults;
    private final AtomicInteger handles;
    private final NameChanges names;

    /** @param handles counts what is open */
    CrashFileSystemProvider(CrashFileSystem fileSystem, OperationLog log, Faults faults, AtomicInteger handles) {
        this.handles = handles;
        this.fileSystem = fileSystem;
        this.log = log;
        this.faults = faults;
        this.names = new NameChanges(log, faults);
    }

    @Override
    public String getScheme() {
        return "crash";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new UnsupportedOperationException("use CrashFileSystem.over");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException("use CrashFileSystem.over");
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException("use CrashFileSystem.root");
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path real = CrashPath.unwrap(path);
        synchronized (log) {
            if (options.stream().noneMatch(WRITING::contains)) {
                faults.beforeCall(real.toString());
                return opened(FileChannel.open(real, options, attributes), real, options, false);
            }
            Path file = options.contains(LinkOption.NOFOLLOW_LINKS) ? real : names.followed(real);
            boolean existed = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            boolean creates =
                    options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
            long size = existed && Files.isRegularFile(file) ? Files.size(file) : 0;
            boolean cuts = options.contains(StandardOpenOption.TRUNCATE_EXISTING)
                    && !options.contains(StandardOpenOption.APPEND)
                    && size > 0;
            if ((!existed && creates) || cuts) {
                faults.beforeOperation("open " + log.shown(real));
            }
            // The JDK removes a DELETE_ON_CLOSE file as soon as it is open (Unix) or leaves it to the platform: done
            // here, it is seen.
            Set<OpenOption> kept = new HashSet<>(options);
            kept.remove(StandardOpenOption.DELETE_ON_CLOSE);
            FileChannel channel = FileChannel.open(real, kept, attributes);
            if (!existed) {
                log.made("create", file);
            } else if (cuts) {
                Integer inode = log.inode(file, LinkOption.NOFOLLOW_LINKS);
                if (inode != null) {
                    log.add(new Operation.Truncate(inode, log.shown(file), 0));
                }
            }
            return opened(channel, file, options, options.contains(StandardOpenOption.APPEND));
        }
    }

    private FileChannel opened(FileChannel channel, Path real, Set<? extends OpenOption> options, boolean append)
            throws IOException {
        boolean nofollow = options.contains(LinkOption.NOFOLLOW_LINKS);
        boolean goes = options.contains(StandardOpenOption.DELETE_ON_CLOSE);
        Integer inode = nofollow ? log.inode(real, LinkOption.NOFOLLOW_LINKS) : log.inode(real);
        if (inode == null && log.keeps()) {
            return channel;
        }
        handles.incrementAndGet();
        CrashFileChannel.OnClose onClose = () -> {
            handles.decrementAndGet();
            if (goes) {
                names.delete(real);
            }
        };
        return new CrashFileChannel(
                channel, log, faults, inode == null ? NO_INODE : inode, log.shown(real), append, onClose);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        beforeLook(directory);
        DirectoryStream<Path> real = Files.newDirectoryStream(
                CrashPath.unwrap(directory), entry -> filter.accept(new CrashPath(fileSystem, entry)));
        handles.incrementAndGet();
        return new CrashDirectoryStream(fileSystem, real, handles::decrementAndGet);
    }

    private void beforeLook(Path path) throws IOException {
        synchronized (log) {
            faults.beforeCall(path.toString());
        }
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        names.createDirectory(CrashPath.unwrap(directory), attributes);
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        names.createSymbolicLink(CrashPath.unwrap(link), CrashPath.unwrap(target), attributes);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        names.createLink(CrashPath.unwrap(link), CrashPath.unwrap(existing));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        beforeLook(link);
        return new CrashPath(fileSystem, Files.readSymbolicLink(CrashPath.unwrap(link)));
    }

    @Override
    public void delete(Path path) throws IOException {
        names.delete(CrashPath.unwrap(path));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        names.move(CrashPath.unwrap(source), CrashPath.unwrap(target), Set.of(options));
    }

    /** Copies through channels of this file system, so that every write is seen. */
    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        Set<CopyOption> wanted = Set.of(options);
        LinkOption[] links = wanted.contains(LinkOption.NOFOLLOW_LINKS)
                ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS}
                : new LinkOption[0];
        BasicFileAttributes attributes = readAttributes(source, BasicFileAttributes.class, links);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            if (isSameFile(source, target)) {
                return;
            }
            if (!wanted.contains(StandardCopyOption.REPLACE_EXISTING)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            delete(target);
        }
        if (attributes.isSymbolicLink()) {
            createSymbolicLink(target, readSymbolicLink(source));
            return;
        }
        if (attributes.isDirectory()) {
            createDirectory(target);
        } else {
            copyBytes(source, target);
        }
        if (wanted.contains(StandardCopyOption.COPY_ATTRIBUTES)) {
            Files.setLastModifiedTime(target, attributes.lastModifiedTime());
        }
    }

    private void copyBytes(Path source, Path target) throws IOException {
        try (FileChannel from = newFileChannel(source, Set.of(StandardOpenOption.READ));
                FileChannel to =
                        newFileChannel(target, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            while (from.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
            }
        }
    }

    @Override
    public boolean isSameFile(Path first, Path second) throws IOException {
        return first.equals(second)
                || (second instanceof CrashPath && Files.isSameFile(CrashPath.unwrap(first), CrashPath.unwrap(second)));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return Files.isHidden(CrashPath.unwrap(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return Files.getFileStore(CrashPath.unwrap(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        beforeLook(path);
        Path real = CrashPath.unwrap(path);
        real.getFileSystem().provider().checkAccess(real, modes);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        Path real = CrashPath.unwrap(path);
        V view = Files.getFileAttributeView(real, type, options);
        return view == null ? null : RecordedViews.over(view, type, new AttributeChanges(log, faults, real, options));
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        beforeLook(path);
        return Files.readAttributes(CrashPath.unwrap(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        beforeLook(path);
        return Files.readAttributes(CrashPath.unwrap(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        Path real = CrashPath.unwrap(path);
        new AttributeChanges(log, faults, real, options)
                .change(attribute, value, () -> Files.setAttribute(real, attribute, value, options));
    }
}
