package dev.cairn.backup.fs.restore;

import dev.cairn.backup.fs.tree.PlainNames;
import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.spi.BlobName;
import java.nio.file.FileSystem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether a name from a snapshot may become a file here: exactly one component, and the same when it is read back. */
final class PlatformNames {

    private PlatformNames() {}

    /** What is wrong with the name, as the end of a sentence; null if nothing is. */
    static @Nullable String problem(String name, FileSystem fileSystem) {
        if (name.startsWith(Selection.RESERVED)) {
            return "has a name that is reserved for restores";
        }
        boolean windows = fileSystem.getSeparator().equals("\\");
        if (!windows && PlainNames.isPlain(name)) {
            return null;
        }
        try {
            Path path = fileSystem.getPath(name);
            if (path.isAbsolute()
                    || path.getRoot() != null
                    || path.getNameCount() != 1
                    || !path.toString().equals(name)) {
                return "has a name that stands for another path on this platform";
            }
        } catch (InvalidPathException e) {
            return "has a name that this platform cannot carry: " + e.getReason();
        }
        if (windows
                && (BlobName.isDeviceName(name)
                        || name.endsWith(".")
                        || name.endsWith(" ")
                        || name.chars().anyMatch(c -> c < ' ' || "<>:\"/\\|?*".indexOf(c) >= 0))) {
            return "has a name that Windows would take for another one";
        }
        return null;
    }
}
