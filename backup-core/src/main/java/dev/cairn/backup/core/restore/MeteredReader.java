package dev.cairn.backup.core.restore;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.spi.ContentSink;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One dataset of a {@link MeteredSnapshot}. */
record MeteredReader(DatasetReader reader, ProgressMeter meter) implements DatasetReader {

    @Override
    public SnapshotMetadata snapshot() {
        return reader.snapshot();
    }

    @Override
    public DatasetSummary summary() {
        return reader.summary();
    }

    @Override
    public EntryCursor entries() {
        return metered(reader.entries());
    }

    @Override
    public EntryCursor entries(EntryPath top) {
        return metered(reader.entries(top));
    }

    @Override
    public void contents(List<Entry> files, ContentSink sink, CancellationToken cancellation) throws IOException {
        List<Entry> own = files.stream()
                .map(file -> file.content() instanceof MeteredContent content ? content.entry() : file)
                .toList();
        reader.contents(
                own,
                (file, position, bytes, offset, length) -> {
                    sink.accept(file, position, bytes, offset, length);
                    meter.advanced(0, length);
                },
                cancellation);
    }

    private EntryCursor metered(EntryCursor entries) {
        return new EntryCursor() {
            @Override
            public @Nullable Entry next() {
                Entry entry = entries.next();
                if (entry != null) {
                    meter.advanced(1, 0);
                }
                return entry == null ? null : metered(entry);
            }

            @Override
            public void close() {
                entries.close();
            }
        };
    }

    private Entry metered(Entry entry) {
        return new Entry(
                entry.path(),
                entry.type(),
                entry.size(),
                entry.attributes(),
                entry.linkTarget(),
                new MeteredContent(entry, meter));
    }

    /** The content of an entry, counted as it is read. */
    private record MeteredContent(Entry entry, ProgressMeter meter) implements EntryContent {

        @Override
        public InputStream open() throws IOException {
            return new Metered(entry.content().open(), meter);
        }

        @Override
        public int pageSize() {
            return entry.content().pageSize();
        }
    }

    private static final class Metered extends FilterInputStream {

        private final ProgressMeter meter;

        Metered(InputStream in, ProgressMeter meter) {
            super(in);
            this.meter = meter;
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            meter.advanced(0, one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            meter.advanced(0, Math.max(0, count));
            return count;
        }
    }
}
