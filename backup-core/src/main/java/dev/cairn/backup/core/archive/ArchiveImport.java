package dev.cairn.backup.core.archive;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** One import, or one verification: reads an archive in its order, and says at the end whether it was whole. */
final class ArchiveImport {

    /** A lineage that no host has: an old snapshot with the newest number must not become what a host's next one is compared with. */
    private static final String IMPORTED = "imported";

    private final ImportRequest request;

    ArchiveImport(ImportRequest request) {
        this.request = request;
    }

    SnapshotMetadata into(SnapshotRepository repository, InputStream in) {
        return read(in, (archive, meter) -> {
            // Nothing is claimed in the repository before the manifest has been read and found usable.
            try (SnapshotWriter writer = repository.begin(request.naming())) {
                List<DatasetSummary> written = new ArrayList<>();
                SortedMap<String, String> digests = new TreeMap<>();
                for (ArchiveManifest.Held held : archive.manifest().datasets()) {
                    meter.dataset(held.name());
                    written.add(held.present() ? write(writer, archive, held, meter, digests) : held.summary());
                }
                archive.requireEnd(digests);
                SnapshotManifest imported = imported(archive.manifest(), writer.id(), writer.sequence(), written);
                request.cancellation().throwIfCancelled("importing snapshot " + writer.id());
                writer.commit(imported);
                return imported.metadata();
            }
        });
    }

    SnapshotMetadata verify(InputStream in, BiConsumer<String, EntryPath> found) {
        return read(in, (archive, meter) -> {
            SortedMap<String, String> digests = new TreeMap<>();
            for (ArchiveManifest.Held held : archive.manifest().datasets()) {
                if (held.present()) {
                    meter.dataset(held.name());
                    ArchivedEntries entries =
                            new ArchivedEntries(archive.entries(), held, new ContentDiscard(), request.cancellation());
                    for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                        found.accept(held.name(), entry.path());
                        meter.advanced(1, entry.size());
                    }
                    digests.put(held.name(), entries.finish());
                }
            }
            archive.requireEnd(digests);
            return archive.manifest().original().metadata();
        });
    }

    private DatasetSummary write(
            SnapshotWriter writer,
            OpenArchive archive,
            ArchiveManifest.Held held,
            ProgressMeter meter,
            SortedMap<String, String> digests) {
        try (ContentSpool spool = new ContentSpool(request.scratch(), held.bytes())) {
            ArchivedEntries entries = new ArchivedEntries(archive.entries(), held, spool, request.cancellation());
            DatasetSummary written = writer.write(
                    new ArchivedDataset(held.name(), held.kind()),
                    new ArchivedDataset.View(held, entries),
                    Optional.empty(),
                    meter,
                    request.cancellation());
            digests.put(held.name(), entries.finish());
            if (written.entries() != held.entries() || written.bytes() != held.bytes()) {
                throw new IllegalStateException("the repository stored " + written + " of " + held.summary());
            }
            return written;
        }
    }

    private static SnapshotManifest imported(
            ArchiveManifest manifest, SnapshotId id, long sequence, List<DatasetSummary> written) {
        SnapshotManifest original = manifest.original();
        SnapshotMetadata metadata = original.metadata();
        List<String> warnings = new ArrayList<>(original.warnings());
        warnings.add("Imported from an archive of snapshot '" + metadata.id() + "', which was "
                + metadata.schedule()
                        .map(schedule -> "taken by schedule '" + schedule + "'")
                        .orElse(metadata.trigger().toString()));
        return new SnapshotManifest(
                SnapshotMetadata.builder(id, metadata.createdAt())
                        .sequence(sequence)
                        .projectionVersion(metadata.projectionVersion())
                        .trigger(SnapshotTrigger.MANUAL)
                        .label(metadata.label().orElse(null))
                        .lineage(IMPORTED)
                        .datasets(written)
                        .build(),
                original.barrierHeld(),
                original.changedAfterCut(),
                warnings);
    }

    /** What is done with an archive whose manifest was read. */
    private interface Work {
        SnapshotMetadata with(OpenArchive archive, ProgressMeter meter) throws IOException;
    }

    private SnapshotMetadata read(InputStream in, Work work) {
        ArchiveSource source = new ArchiveSource(in, request.cancellation());
        try (ArchiveLayers layers = new ArchiveLayers(source, request.seal())) {
            OpenArchive archive = new OpenArchive(layers);
            long bytes = archive.manifest().totalBytes();
            if (bytes > request.mostBytes()) {
                throw new LimitExceededException(
                        "content of the archive in bytes", bytes, request.mostBytes(), "Allow more");
            }
            ProgressMeter meter = ArchiveProgress.meter("import", bytes, request.progress());
            SnapshotMetadata metadata = work.with(archive, meter);
            meter.report();
            return metadata;
        } catch (IOException e) {
            throw DamagedArchiveException.whole("was cut or altered", e);
        }
    }
}
