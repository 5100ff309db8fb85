package dev.cairn.backup.core.browse;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the entries of one snapshot as plain blobs and its manifest last. */
final class BrowsableWriter implements SnapshotWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BrowsableWriter.class);

    private final BlobStore store;
    private final SnapshotId id;
    private final long sequence;
    private final String algorithm;
    private final Map<String, List<StoredEntry>> listings = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private boolean committed;
    private boolean outcomeUnknown;
    private boolean closed;

    BrowsableWriter(BlobStore store, SnapshotId id, long sequence, String algorithm) {
        this.store = store;
        this.id = id;
        this.sequence = sequence;
        this.algorithm = algorithm;
    }

    @Override
    public SnapshotId id() {
        return id;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public DatasetSummary write(
            Dataset dataset,
            FrozenView view,
            Optional<SnapshotId> before,
            EntryProgress progress,
            CancellationToken cancellation) {
        List<StoredEntry> listing = new ArrayList<>();
        try (EntryCursor cursor = view.entries();
                ParallelTasks<StoredEntry> puts = new ParallelTasks<>("cairn-browse-" + id)) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                cancellation.throwIfCancelled("snapshot " + id);
                Entry current = entry;
                puts.submit(() -> {
                    StoredEntry stored = store(dataset.name(), current, cancellation);
                    progress.advanced(1, stored.size());
                    return stored;
                });
            }
            listing.addAll(puts.results());
        }
        listings.put(dataset.name(), listing);
        dataset.location()
                .ifPresent(
                        location -> sources.put(dataset.name(), location.place().toString()));
        long bytes = listing.stream().mapToLong(StoredEntry::size).sum();
        return new DatasetSummary(
                dataset.name(),
                dataset.kind(),
                true,
                listing.size(),
                bytes,
                view.identity(),
                view.counts(),
                view.logPosition());
    }

    private StoredEntry store(String dataset, Entry entry, CancellationToken cancellation) {
        if (entry.type() != EntryType.FILE) {
            return StoredEntry.of(entry, 0, null, null);
        }
        DigestingContent content = new DigestingContent(dataset, entry, Digests.of(algorithm), cancellation);
        BlobName name = EscapedNames.content(id, dataset, entry.path());
        PutOutcome outcome = store.putIfAbsent(name, content);
        if (outcome == PutOutcome.EXISTS) {
            // The id is claimed, so this is another entry's name on a store that does not tell upper from lower case.
            name = EscapedNames.digestOnly(id, dataset, entry.path());
            outcome = store.putIfAbsent(name, content);
        }
        if (outcome != PutOutcome.CREATED) {
            throw new StoreException(
                    outcome == PutOutcome.UNKNOWN ? StoreException.Reason.OUTCOME_UNKNOWN : StoreException.Reason.IO,
                    "The content of " + dataset + "/" + entry.path() + " could not be stored as " + name + " ("
                            + outcome + ")",
                    "Take the snapshot again",
                    null);
        }
        return StoredEntry.of(entry, content.size(), name.value(), content.checksum());
    }

    @Override
    public void restart() {
        listings.clear();
        sources.clear();
        removeContent();
    }

    @Override
    public void commit(SnapshotManifest manifest) {
        byte[] bytes = ManifestCodec.encode(ManifestFile.of(manifest, algorithm, listings, sources));
        BlobName name = BrowsableRepository.manifest(id);
        outcomeUnknown = true; // Until the store has answered: the manifest may be there, so the content has to stay.
        PutOutcome outcome;
        try {
            outcome = store.putIfAbsent(name, BlobContent.of(bytes));
        } catch (StoreException e) {
            outcomeUnknown = e.reason() == StoreException.Reason.OUTCOME_UNKNOWN;
            throw e;
        }
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "Snapshot '" + id + "' may or may not be durable",
                    "Verify it before you rely on it, or take another",
                    null);
        }
        // What is there may be this very manifest, from a put whose answer the store lost and which it tried again.
        committed = outcome == PutOutcome.CREATED || holds(name, bytes);
        outcomeUnknown = false;
        if (!committed) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "Snapshot '" + id + "' was given up by a prune that took its writer for dead",
                    "Take the snapshot again",
                    null);
        }
    }

    private boolean holds(BlobName name, byte[] bytes) {
        try (InputStream in = store.read(name)) {
            return Arrays.equals(in.readAllBytes(), bytes);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "Snapshot '" + id + "' may or may not be durable: " + e,
                    "Verify it before you rely on it, or take another",
                    e);
        }
    }

    @Override
    public void close() {
        if (closed || committed || outcomeUnknown) {
            return;
        }
        closed = true;
        try {
            removeContent();
        } catch (BackupException e) {
            LOG.warn("What was written of the failed snapshot {} could not be removed; a later prune will", id, e);
        }
    }

    private void removeContent() {
        store.deleteAll(store.list(id.value()).stream()
                .map(BlobInfo::name)
                .filter(name -> !name.equals(BrowsableRepository.manifest(id)))
                .toList());
    }
}
