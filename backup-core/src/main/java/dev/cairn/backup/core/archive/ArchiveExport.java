package dev.cairn.backup.core.archive;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.SnapshotReader;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** One export: the layers of streams, and the order of the entries. */
final class ArchiveExport {

    private static final int BUFFER = 128 * 1024;

    private final SnapshotReader snapshot;
    private final ExportRequest request;
    private final List<DatasetSummary> chosen;
    private final ProgressMeter meter;

    ArchiveExport(SnapshotReader snapshot, ExportRequest request) {
        this.snapshot = snapshot;
        this.request = request;
        this.chosen = chosen(snapshot.manifest().metadata().datasets(), request.datasets());
        this.meter = ArchiveProgress.meter(
                "export", chosen.stream().mapToLong(DatasetSummary::bytes).sum(), request.progress());
    }

    private static List<DatasetSummary> chosen(List<DatasetSummary> all, List<String> names) {
        List<String> known = all.stream().map(DatasetSummary::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new InvalidValueException("dataset", name, known.toString());
            }
        }
        return names.isEmpty()
                ? all
                : all.stream().filter(summary -> names.contains(summary.name())).toList();
    }

    ExportReport to(OutputStream out) {
        ArchiveSink sink = new ArchiveSink(out);
        try {
            Optional<String> mac = Optional.empty();
            if (request.key().isPresent()) {
                SealedOutput sealed = new SealedOutput(sink, request.key().get());
                compressed(sink, sealed);
                mac = Optional.of(sealed.finish());
            } else {
                compressed(sink, sink);
            }
            sink.flush();
            meter.report();
            return new ExportReport(
                    chosen.stream().mapToLong(DatasetSummary::entries).sum(),
                    chosen.stream().mapToLong(DatasetSummary::bytes).sum(),
                    sink.written(),
                    sink.sha256(),
                    mac);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO, "The archive could not be made: " + e, "See the cause", e);
        }
    }

    private void compressed(ArchiveSink sink, OutputStream under) throws IOException {
        OutputStream open = new Unclosed(under);
        try (OutputStream compressed = switch (request.format()) {
            case TAR -> open;
            case TAR_GZIP -> new GZIPOutputStream(open, BUFFER);
            case TAR_ZSTD -> new ZstdOutputStreamNoFinalizer(open).setChecksum(true);
        }) {
            try {
                tar(compressed);
            } catch (IOException | RuntimeException | Error e) {
                sink.abandon();
                throw e;
            }
        }
    }

    private void tar(OutputStream out) throws IOException {
        byte[] manifest = ArchiveJson.encode(ArchiveManifest.of(snapshot.manifest(), chosen));
        SortedMap<String, String> digests = new TreeMap<>();
        TarWriter tar = new TarWriter(out, snapshot.manifest().metadata().id());
        tar.bytes(ArchiveNames.MANIFEST, manifest);
        for (DatasetSummary summary : chosen) {
            if (summary.present()) {
                meter.dataset(summary.name());
                digests.put(summary.name(), dataset(tar, snapshot.dataset(summary.name()), summary));
            }
        }
        tar.bytes(ArchiveNames.DIGESTS, ArchiveJson.encode(new ArchiveDigests(EntryDigest.hexOf(manifest), digests)));
        tar.finish();
    }

    private String dataset(TarWriter tar, DatasetReader reader, DatasetSummary summary) throws IOException {
        EntryDigest digest = new EntryDigest();
        long entries = 0;
        long bytes = 0;
        try (EntryCursor cursor = reader.entries()) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                request.cancellation()
                        .throwIfCancelled(
                                "exporting snapshot " + reader.snapshot().id());
                Entry carried = TarWriter.carried(entry);
                digest.add(carried, tar.entry(summary.name(), carried, request.cancellation()));
                entries++;
                bytes += entry.type() == EntryType.FILE ? entry.size() : 0;
                meter.advanced(1, entry.size());
            }
        }
        if (entries != summary.entries() || bytes != summary.bytes()) {
            throw new DamagedSnapshotException(
                    reader.snapshot().id(),
                    summary.name(),
                    "has " + entries + " entries and " + bytes + " bytes, the manifest says " + summary.entries()
                            + " and " + summary.bytes(),
                    null);
        }
        return digest.finish();
    }

    /** Compressors close what is under them; that is the caller's, or has a last block to write. */
    private static final class Unclosed extends java.io.FilterOutputStream {

        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() {
            // See the class comment.
        }
    }
}
