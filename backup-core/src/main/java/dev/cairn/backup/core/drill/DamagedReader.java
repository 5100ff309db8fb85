package dev.cairn.backup.core.drill;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.ContentSink;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dataset of a snapshot with one bit of its largest file turned over, behind the repository's own checksums: what is handed out is what a disk, a driver or a bug could have made of it on the way to
 * its place.
 */
final class DamagedReader implements DatasetReader {

    private final DatasetReader reader;
    private final EntryPath damaged;
    private final long at;

    private DamagedReader(DatasetReader reader, EntryPath damaged, long at) {
        this.reader = reader;
        this.damaged = damaged;
        this.at = at;
    }

    /** The dataset with its damage; empty if it holds no byte that could be damaged. */
    static Optional<DamagedReader> of(DatasetReader reader) {
        EntryPath largest = null;
        long size = 0;
        try (EntryCursor entries = reader.entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.type() == EntryType.FILE && entry.size() > size) {
                    largest = entry.path();
                    size = entry.size();
                }
            }
        }
        return largest == null ? Optional.empty() : Optional.of(new DamagedReader(reader, largest, size / 2));
    }

    /** Where the damage is, in words. */
    String where() {
        return "byte " + at + " of " + reader.summary().name() + "/" + damaged;
    }

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
        return damaged(reader.entries());
    }

    @Override
    public EntryCursor entries(EntryPath top) {
        return damaged(reader.entries(top));
    }

    @Override
    public void contents(List<Entry> files, ContentSink sink, CancellationToken cancellation) throws IOException {
        List<EntryPath> paths = files.stream().map(Entry::path).toList();
        List<Entry> own = files.stream()
                .map(file -> file.content() instanceof Damaged content ? content.entry() : file)
                .toList();
        reader.contents(
                own,
                (file, position, bytes, offset, length) -> {
                    boolean here = paths.get(file).equals(damaged) && position <= at && at < position + length;
                    if (here) {
                        byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
                        copy[(int) (at - position)] ^= 1;
                        sink.accept(file, position, copy, 0, length);
                    } else {
                        sink.accept(file, position, bytes, offset, length);
                    }
                },
                cancellation);
    }

    private EntryCursor damaged(EntryCursor entries) {
        return new EntryCursor() {
            @Override
            public @Nullable Entry next() {
                Entry entry = entries.next();
                return entry == null || !entry.path().equals(damaged)
                        ? entry
                        : Entry.file(entry.path(), entry.size(), entry.attributes(), new Damaged(entry, at));
            }

            @Override
            public void close() {
                entries.close();
            }
        };
    }

    private record Damaged(Entry entry, long at) implements EntryContent {

        @Override
        public InputStream open() throws IOException {
            return new TurnedBit(entry.content().open(), at);
        }

        @Override
        public int pageSize() {
            return entry.content().pageSize();
        }
    }

    private static final class TurnedBit extends FilterInputStream {

        private final long at;
        private long position;

        TurnedBit(InputStream in, long at) {
            super(in);
            this.at = at;
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            return one >= 0 && position++ == at ? one ^ 1 : one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            if (count > 0) {
                if (position <= at && at < position + count) {
                    buffer[offset + (int) (at - position)] ^= 1;
                }
                position += count;
            }
            return count;
        }

        @Override
        public long skip(long wanted) throws IOException {
            long skipped = in.skip(wanted);
            position += skipped;
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
