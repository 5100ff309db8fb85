package dev.cairn.backup.fs.tree;

import dev.cairn.backup.spi.EntryPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a dataset's entries hang: a folder, or one file in its folder. A link given as the root is resolved once; none below is ever followed.
 *
 * @param folder the folder, really
 * @param fileName the name of the one file, or null for a tree
 * @param selection what belongs to the dataset
 */
public record TreeRoot(Path folder, @Nullable String fileName, Selection selection) {

    /** The root as it exists now; empty if there is nothing. */
    public static Optional<TreeRoot> find(Path root, Selection selection) throws IOException {
        Path real;
        try {
            real = root.toRealPath();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return Optional.of(Files.isDirectory(real) ? tree(real, selection) : file(real));
    }

    /** A tree in a folder that may be missing. */
    public static TreeRoot tree(Path folder, Selection selection) {
        return new TreeRoot(folder, null, selection);
    }

    /** One file that may be missing. */
    public static TreeRoot file(Path file) {
        Path parent = file.getParent();
        Path name = file.getFileName();
        if (parent == null || name == null) {
            throw new IllegalArgumentException(file + " is no file");
        }
        return new TreeRoot(parent, name.toString(), Selection.only(name.toString()));
    }

    /** Whether it is one file. */
    public boolean isFile() {
        return fileName != null;
    }

    /** What a user would call it. */
    public Path place() {
        return fileName == null ? folder : folder.resolve(fileName);
    }

    /** Where an entry is or would be. */
    public Path file(EntryPath path) {
        return path.isRoot() ? folder : folder.resolve(path.value());
    }
}
