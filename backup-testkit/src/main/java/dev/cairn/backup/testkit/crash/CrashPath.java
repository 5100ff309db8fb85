package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/** A path of the default file system that leads through a {@link CrashFileSystem}. */
final class CrashPath implements Path {

    private final CrashFileSystem fileSystem;
    private final Path real;

    CrashPath(CrashFileSystem fileSystem, Path real) {
        this.fileSystem = fileSystem;
        this.real = real;
    }

    /** The real path behind a path of any crash file system. */
    static Path unwrap(Path path) {
        if (path instanceof CrashPath crash) {
            return crash.real;
        }
        throw new ProviderMismatchException(path + " is not a path of a crash file system");
    }

    private CrashPath wrap(Path other) {
        return new CrashPath(fileSystem, other);
    }

    private @Nullable CrashPath wrapOrNull(@Nullable Path other) {
        return other == null ? null : wrap(other);
    }

    private @Nullable Path sameOrNull(Path other) {
        return other instanceof CrashPath crash && crash.fileSystem == fileSystem ? crash.real : null;
    }

    @Override
    public FileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return real.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
        return wrapOrNull(real.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
        return wrapOrNull(real.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
        return wrapOrNull(real.getParent());
    }

    @Override
    public int getNameCount() {
        return real.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return wrap(real.getName(index));
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
        return wrap(real.subpath(beginIndex, endIndex));
    }

    @Override
    public boolean startsWith(Path other) {
        Path same = sameOrNull(other);
        return same != null && real.startsWith(same);
    }

    @Override
    public boolean endsWith(Path other) {
        Path same = sameOrNull(other);
        return same != null && real.endsWith(same);
    }

    @Override
    public Path normalize() {
        return wrap(real.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return wrap(real.resolve(unwrap(other)));
    }

    @Override
    public Path relativize(Path other) {
        return wrap(real.relativize(unwrap(other)));
    }

    @Override
    public URI toUri() {
        return real.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return wrap(real.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return wrap(real.toRealPath(options));
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("a crash file system has no watch service");
    }

    @Override
    public int compareTo(Path other) {
        return real.compareTo(unwrap(other));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CrashPath crash && crash.fileSystem == fileSystem && crash.real.equals(real);
    }

    @Override
    public int hashCode() {
        return real.hashCode();
    }

    @Override
    public String toString() {
        return real.toString();
    }
}
