package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.fs.tree.Modes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Work in a folder whose mode, such as 0555, forbids its owner to write in it. The mode is put back; a crash in between leaves the owner with the right to
 * write.
 */
final class OpenFolder {

    private static final int OWNER = 0700;

    private OpenFolder() {}

    /** Does the work. A folder that is missing, or that may be written anyway, is left as it is. */
    static void during(Path folder, Work work) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(folder, PosixFileAttributeView.class, NOFOLLOW_LINKS);
        if (view == null || !Files.isDirectory(folder, NOFOLLOW_LINKS) || Files.isWritable(folder)) {
            work.run();
            return;
        }
        Set<PosixFilePermission> before = view.readAttributes().permissions();
        view.setPermissions(Modes.permissions(Modes.of(before) | OWNER));
        try {
            work.run();
        } finally {
            view.setPermissions(before);
        }
    }

    /** What is to be done. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }
}
