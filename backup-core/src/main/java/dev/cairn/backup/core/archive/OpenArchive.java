package dev.cairn.backup.core.archive;

import java.io.IOException;
import java.util.SortedMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** An archive whose manifest was read: the entries of the datasets come next, then the digests, then nothing. For one thread. */
final class OpenArchive {

    /** A manifest may list the paths that changed after the cut, by the million at most. */
    private static final int MOST_JSON = 64 << 20;

    private final ArchiveLayers layers;
    private final TarEntries entries;
    private final ArchiveManifest manifest;
    private final String manifestSha256;

    /**
     * @throws DamagedArchiveException if it does not begin with a manifest that can be used
     * @throws dev.cairn.backup.UnsupportedFormatException if it is of a newer version
     */
    OpenArchive(ArchiveLayers layers) {
        this.layers = layers;
        this.entries = new TarEntries(layers.tar());
        byte[] bytes = json(ArchiveNames.MANIFEST);
        this.manifest = ArchiveJson.manifest(bytes);
        this.manifestSha256 = EntryDigest.hexOf(bytes);
    }

    ArchiveManifest manifest() {
        return manifest;
    }

    TarEntries entries() {
        return entries;
    }

    /**
     * Reads the digests and all that follows.
     *
     * @param datasets what was found, by dataset
     * @throws DamagedArchiveException if a digest, or the MAC, is another, or anything follows
     */
    void requireEnd(SortedMap<String, String> datasets) throws IOException {
        ArchiveDigests digests = ArchiveJson.digests(json(ArchiveNames.DIGESTS));
        if (!digests.manifest().equals(manifestSha256)) {
            throw new DamagedArchiveException(ArchiveNames.MANIFEST, "does not match its digest", null);
        }
        if (!digests.datasets().keySet().equals(datasets.keySet())) {
            throw new DamagedArchiveException(ArchiveNames.DIGESTS, "is of other datasets", null);
        }
        datasets.forEach((name, digest) -> {
            if (!digest.equals(digests.datasets().get(name))) {
                throw new DamagedArchiveException("Dataset '" + name + "'", "does not match its digest", null);
            }
        });
        if (entries.next() != null) {
            throw DamagedArchiveException.whole("goes on after its digests", null);
        }
        layers.requireEnd();
    }

    private byte[] json(String name) {
        TarArchiveEntry header = entries.next();
        if (header == null || !header.getName().equals(name) || !header.isFile()) {
            throw DamagedArchiveException.whole(
                    header == null
                            ? "ends where " + name + " was expected"
                            : "has " + ArchiveNames.shown(header.getName()) + " where " + name + " was expected",
                    null);
        }
        return entries.content(header, MOST_JSON);
    }
}
