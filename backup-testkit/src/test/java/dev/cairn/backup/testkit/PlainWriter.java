package dev.cairn.backup.testkit;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotWriter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Writes one snapshot of a {@link PlainRepository}. */
record PlainWriter(PlainRepository repository, SnapshotId id, long sequence) implements SnapshotWriter {

    @Override
    public DatasetSummary write(
            Dataset dataset,
            FrozenView view,
            Optional<SnapshotId> before,
            EntryProgress progress,
            CancellationToken cancellation) {
        ByteArrayOutputStream listing = new ByteArrayOutputStream();
        String folder = "data/" + id + "/" + dataset.name() + "/";
        long entries = 0;
        long bytes = 0;
        try (EntryCursor cursor = view.entries()) {
            DataOutputStream out = new DataOutputStream(listing);
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                cancellation.throwIfCancelled("writing " + id);
                byte[] content = content(dataset, entry);
                PlainFormat.write(out, entry, content);
                if (entry.type() == EntryType.FILE) {
                    put(folder + entries, content);
                }
                entries++;
                bytes += content.length;
                progress.advanced(1, content.length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        put(folder + "listing", PlainFormat.sealed(listing.toByteArray(), id + "/" + dataset.name()));
        return new DatasetSummary(
                dataset.name(),
                dataset.kind(),
                true,
                entries,
                bytes,
                view.identity(),
                view.counts(),
                view.logPosition());
    }

    @Override
    public void restart() {
        repository.store.list("data/" + id).forEach(blob -> repository.store.delete(blob.name()));
    }

    @Override
    public void commit(SnapshotManifest manifest) {
        put("snapshots/" + id, PlainFormat.sealed(PlainFormat.bytes(manifest), ""));
    }

    @Override
    public void close() {
        // What was written stays as a remnant unless it was committed.
    }

    private void put(String name, byte[] bytes) {
        if (!repository.put(name, bytes)) {
            throw new StoreException(
                    StoreException.Reason.IO, "'" + name + "' is taken", "Take the snapshot again", null);
        }
    }

    private static byte[] content(Dataset dataset, Entry entry) {
        try (InputStream in = entry.content().open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new SourceException(dataset.name(), entry.path() + " cannot be read: " + e, "See the cause", e);
        }
    }
}
