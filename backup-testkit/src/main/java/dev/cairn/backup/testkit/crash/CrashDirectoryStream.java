package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;

/** A folder's names, as paths of the crash file system. */
final class CrashDirectoryStream implements DirectoryStream<Path> {

    private final CrashFileSystem fileSystem;
    private final DirectoryStream<Path> real;

    CrashDirectoryStream(CrashFileSystem fileSystem, DirectoryStream<Path> real) {
        this.fileSystem = fileSystem;
        this.real = real;
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
    }
}
