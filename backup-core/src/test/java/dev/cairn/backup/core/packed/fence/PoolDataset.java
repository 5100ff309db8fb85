package dev.cairn.backup.core.packed.fence;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Files out of a small pool, each one chunk of noise that its number decides, so that chunks die with one snapshot and come back with another. */
public final class PoolDataset implements Dataset {

    /** Its name in every snapshot. */
    public static final String NAME = "pool";

    private final SortedSet<Integer> files;

    private PoolDataset(SortedSet<Integer> files) {
        this.files = files;
    }

    /** The files of these numbers. */
    public static PoolDataset of(Iterable<Integer> numbers) {
        TreeSet<Integer> files = new TreeSet<>();
        numbers.forEach(files::add);
        return new PoolDataset(files);
    }

    /** What a file of the pool holds. */
    public static byte[] content(int number) {
        Random random = new Random(number);
        byte[] bytes = new byte[2_000 + random.nextInt(2_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Every file with what it holds, by path. */
    public Map<String, byte[]> tree() {
        Map<String, byte[]> tree = new TreeMap<>();
        files.forEach(number -> tree.put(path(number), content(number)));
        return tree;
    }

    private static String path(int number) {
        return "f%05d".formatted(number);
    }

    private static Entry entry(int number) {
        byte[] bytes = content(number);
        Instant longAgo = Instant.parse("2020-01-01T00:00:00Z").plusSeconds(number);
        EntryAttributes attributes = new EntryAttributes(
                Optional.of(longAgo),
                EntryAttributes.of(null, 0600).mode(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new EntryAttributes.Identity(longAgo, "file " + number)));
        return Entry.file(EntryPath.of(path(number)), bytes.length, attributes, () -> new ByteArrayInputStream(bytes));
    }

    /** The files as a capture would hand them over. */
    public FrozenView view() {
        List<Entry> entries = files.stream().map(PoolDataset::entry).toList();
        return new FrozenView() {
            @Override
            public EntryCursor entries() {
                return EntryCursor.of(entries);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String kind() {
        return "pool";
    }

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        throw new UnsupportedOperationException("written to repositories only");
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        throw new UnsupportedOperationException("written to repositories only");
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        throw new UnsupportedOperationException("written to repositories only");
    }

    @Override
    public StagedRestore resume(StageContext context) {
        throw new UnsupportedOperationException("written to repositories only");
    }
}
