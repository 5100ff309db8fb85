package dev.cairn.backup.fs.tree;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The names in one folder.
 *
 * @param all in path order
 * @param sidecars the names beside which something lies that SQLite would keep there; as a rule none
 */
record FolderNames(List<Name> all, Set<String> sidecars) {

    /**
     * @param text the name
     * @param file where it is
     */
    record Name(String text, Path file) {}

    static FolderNames none() {
        return new FolderNames(List.of(), Set.of());
    }

    static FolderNames of(Path folder) throws IOException {
        List<Name> all = new ArrayList<>();
        String separator = folder.getFileSystem().getSeparator();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                // Cheaper than getFileName, which looks for the components of the whole path.
                String place = entry.toString();
                all.add(new Name(place.substring(place.lastIndexOf(separator) + 1), entry));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        all.sort((a, b) -> PathOrder.compareNames(a.text(), b.text()));
        return new FolderNames(all, Databases.sidecars(all));
    }

    /** Whether a file, or what lies beside it here, says that it is a database or a part of one. */
    boolean isDatabase(String name) {
        if (Databases.isDatabaseName(name) || sidecars.contains(name)) {
            return true;
        }
        String base = Databases.baseOfSidecar(name);
        return base != null && (Databases.isDatabaseName(base) || contains(base));
    }

    private boolean contains(String name) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = PathOrder.compareNames(all.get(middle).text(), name);
            if (order == 0) {
                return true;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle;
        }
        return false;
    }
}
