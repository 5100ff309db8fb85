package dev.cairn.backup.core.archive;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one dataset as they come out of an archive: as many as the manifest says, with as many bytes, in path order, none below what is no folder.
 * Each is read whole before it is handed out.
 */
final class ArchivedEntries implements EntryCursor {

    private final TarEntries tar;
    private final ArchiveManifest.Held dataset;
    private final ContentKeeper keeper;
    private final CancellationToken cancellation;
    private final EntryDigest digest = new EntryDigest();
    private @Nullable Entry previous;
    private long entries;
    private long bytes;

    ArchivedEntries(
            TarEntries tar, ArchiveManifest.Held dataset, ContentKeeper keeper, CancellationToken cancellation) {
        this.tar = tar;
        this.dataset = dataset;
        this.keeper = keeper;
        this.cancellation = cancellation;
    }

    @Override
    public @Nullable Entry next() {
        if (entries == dataset.entries()) {
            return null;
        }
        cancellation.throwIfCancelled("reading an archive");
        TarArchiveEntry header = tar.next();
        if (header == null) {
            throw DamagedArchiveException.whole(
                    "ends after " + entries + " of " + dataset.entries() + " entries of dataset '" + dataset.name()
                            + "'",
                    null);
        }
        Entry described = TarEntries.entry(dataset.name(), header);
        requirePlace(described);
        Entry entry = withContent(described, header);
        previous = entry;
        entries++;
        return entry;
    }

    private Entry withContent(Entry entry, TarArchiveEntry header) {
        if (entry.size() > dataset.bytes() - bytes) {
            throw damaged(entry, "makes dataset '" + dataset.name() + "' larger than the manifest says");
        }
        bytes += entry.size();
        String name = ArchiveNames.shown(header.getName());
        ContentKeeper.Kept kept =
                keeper.keep((into, offset, length) -> tar.read(header, into, offset, length), entry.size(), name);
        digest.add(entry, kept.sha256());
        return entry.type() != EntryType.FILE
                ? entry
                : Entry.file(
                        entry.path(),
                        entry.size(),
                        entry.attributes(),
                        Paged.of(kept.content(), entry.content().pageSize()));
    }

    private void requirePlace(Entry entry) {
        EntryPath path = entry.path();
        if (previous != null) {
            if (previous.path().compareTo(path) >= 0) {
                throw damaged(entry, "is there twice or out of order");
            }
            // What lies below an entry follows it at once, so the one before is the only one that can be in the way.
            if (previous.type() != EntryType.DIRECTORY && path.startsWith(previous.path())) {
                throw damaged(entry, "lies below what is no folder");
            }
        }
        if (entry.type() == EntryType.HARD_LINK
                && EntryPath.of(entry.linkTarget().orElseThrow()).compareTo(path) >= 0) {
            throw damaged(entry, "is a hard link to what did not come before it");
        }
    }

    /**
     * The digest of the dataset.
     *
     * @throws DamagedArchiveException if there are fewer bytes than the manifest says
     */
    String finish() {
        if (entries != dataset.entries() || bytes != dataset.bytes()) {
            throw new DamagedArchiveException(
                    "dataset '" + dataset.name() + "'",
                    "has " + entries + " entries and " + bytes + " bytes, the manifest says " + dataset.entries()
                            + " and " + dataset.bytes(),
                    null);
        }
        return digest.finish();
    }

    private DamagedArchiveException damaged(Entry entry, String problem) {
        return new DamagedArchiveException(
                ArchiveNames.shown(ArchiveNames.of(dataset.name(), entry.path())), problem, null);
    }

    @Override
    public void close() {
        // The archive goes on.
    }
}
