package dev.cairn.backup.core.restore;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.capture.ProgressMeter;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
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
        EntryCursor entries = reader.entries();
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
                () -> new Metered(entry.content().open()));
    }

    private final class Metered extends FilterInputStream {

        Metered(InputStream in) {
            super(in);
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
