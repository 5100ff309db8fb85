package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.ReceiptSigner;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.SampleDataset;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An installation with its two stores, and hands that reach into them behind its back. */
final class ChainWorld implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

    final boolean packed;
    final MemoryBlobStore blobs;
    final MemoryBlobStore state;
    final String lineage;
    SnapshotRepository repository;
    Proofs proofs;
    private Optional<ReceiptSigner> signer = Optional.empty();
    private ReceiptKeys keys = ReceiptKeys.none();

    ChainWorld(boolean packed) {
        this(packed, new MemoryBlobStore(), new MemoryBlobStore(), "mine");
    }

    ChainWorld(boolean packed, MemoryBlobStore blobs, MemoryBlobStore state, String lineage) {
        this.packed = packed;
        this.blobs = blobs;
        this.state = state;
        this.lineage = lineage;
        restart();
    }

    ChainWorld signing(ReceiptSigner with, ReceiptKeys trusted) {
        signer = Optional.of(with);
        keys = trusted;
        return restart();
    }

    /** Another process on the same stores: nothing is remembered but what they hold. */
    ChainWorld restart() {
        return over(blobs, state);
    }

    ChainWorld over(BlobStore store, BlobStore stateStore) {
        repository = packed ? Packed.at(store) : BrowsableRepository.at(store);
        repository.open();
        proofs = new Proofs(repository, stateStore, lineage, signer, keys, () -> NOW);
        return this;
    }

    /** The same installation on copies of its stores. */
    ChainWorld copy() {
        return new ChainWorld(packed, blobs.copy(), state.copy(), lineage);
    }

    List<SnapshotMetadata> own() {
        return repository.list().stream()
                .filter(StoredSnapshot.Committed.class::isInstance)
                .map(stored -> ((StoredSnapshot.Committed) stored).metadata())
                .filter(metadata -> metadata.lineage().equals(lineage))
                .toList();
    }

    SnapshotManifest take(String content) {
        SnapshotManifest taken = commit(content, proofs.previous(own()));
        proofs.committed(taken);
        return taken;
    }

    /** A snapshot that is committed and not remembered. */
    SnapshotManifest commit(String content, List<SnapshotLink> previous) {
        try (SnapshotWriter writer = repository.begin(sequence -> SnapshotId.of("snap-" + sequence))) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            Entry entry = Entry.file(
                    EntryPath.of("größe/a.txt"),
                    bytes.length,
                    EntryAttributes.NONE,
                    () -> new ByteArrayInputStream(bytes));
            SampleDataset dataset = new SampleDataset("data", List.of(entry));
            DatasetSummary summary = writer.write(
                    dataset, dataset.view(), Optional.empty(), (entries, count) -> {}, new CancellationToken());
            SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), NOW)
                    .sequence(writer.sequence())
                    .lineage(lineage)
                    .label("größe \"1\"")
                    .datasets(List.of(summary))
                    .build();
            SnapshotManifest manifest = new SnapshotManifest(
                    metadata, Duration.ofNanos(1234), Map.of("data", List.of("größe/a.txt")), List.of("w"), previous);
            writer.commit(manifest);
            return manifest;
        }
    }

    void remove(String id) {
        proofs.removing(SnapshotId.of(id), "a test wanted it");
        repository.delete(SnapshotId.of(id));
    }

    BlobName manifest(String id) {
        return BlobName.of(packed ? "snapshots/" + id : id + "/manifest.json");
    }

    BlobName stub(long sequence) {
        return BlobName.of(
                (packed ? "" : ".cairn/") + "stubs/" + lineage + "/%019d-snap-%d".formatted(sequence, sequence));
    }

    /** All of a snapshot, as somebody with the store's own tools would delete it. */
    void wipe(String id) {
        if (packed) {
            blobs.delete(manifest(id));
        } else {
            blobs.list(id).stream().map(BlobInfo::name).forEach(blobs::delete);
        }
    }

    /** All blobs of another store that are not here, or are something else. */
    void takeOver(MemoryBlobStore other, String folder) {
        for (BlobInfo blob : other.list(folder)) {
            blobs.delete(blob.name());
            byte[] bytes = other.bytes(blob.name());
            blobs.putIfAbsent(blob.name(), () -> new ByteArrayInputStream(bytes));
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
