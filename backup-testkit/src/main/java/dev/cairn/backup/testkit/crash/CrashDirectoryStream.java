package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;

/** A folder's names, as paths of the crash file system. */
final class CrashDirectoryStream implements DirectoryStream<Path> {

    private final CrashFileSystem fileSystem;
    private final DirectoryStream<Path> real;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final Runnable onClose;

    /** @param onClose run once */
    CrashDirectoryStream(CrashFileSystem fileSystem, DirectoryStream<Path> real, Runnable onClose) {
        this.fileSystem = fileSystem;
        this.real = real;
        this.onClose = onClose;
    }

    @Override
    public Iterator<Path> iterator() {
        Iterator<Path> paths = real.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return paths.hasNext();
            }

            @Override
            public Path next() {
                return new CrashPath(fileSystem, paths.next());
            }
        };
    }

    @Override
    public void close() throws IOException {
        real.close();
        if (open.getAndSet(false)) {
            onClose.run();
        }
    }
}
