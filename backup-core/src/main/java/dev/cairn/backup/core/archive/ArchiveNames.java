package dev.cairn.backup.core.archive;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.EntryPath;

/** What the entries of an archive are called. The datasets have a folder of their own, so no dataset can bear the name of one of ours. */
final class ArchiveNames {

    static final String MANIFEST = "cairn-manifest.json";
    static final String DIGESTS = "cairn-digests.json";

    private static final String FOLDER = "datasets/";

    private ArchiveNames() {}

    static String of(String dataset, EntryPath path) {
        return path.isRoot() ? FOLDER + dataset : FOLDER + dataset + "/" + path;
    }

    /**
     * The path that a name of the archive means in a dataset.
     *
     * @throws DamagedArchiveException if it lies outside, or is none that is allowed
     */
    static EntryPath path(String dataset, String name) {
        String root = FOLDER + dataset;
        if (name.equals(root)) {
            return EntryPath.ROOT;
        }
        if (!name.startsWith(root + "/") || name.length() == root.length() + 1) {
            throw new DamagedArchiveException(
                    shown(name), "stands where an entry of dataset '" + dataset + "' was expected", null);
        }
        try {
            return EntryPath.of(name.substring(root.length() + 1));
        } catch (InvalidValueException e) {
            throw new DamagedArchiveException(shown(name), "is no path that a snapshot may have", e);
        }
    }

    /** A name for a message: quoted and not longer than a line. */
    static String shown(String name) {
        return "'" + (name.length() <= 200 ? name : name.substring(0, 200) + "…") + "'";
    }
}
