package dev.cairn.backup.core.state;

import dev.cairn.backup.Codec;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.DatasetTrash;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.OldData;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A value in the host's memory. It is stored as two entries: the codec's file and {@code schema-version}, the version of its form. The supplier hands out an immutable value inside the barrier; it is written after it, while the host goes on with newer
 * values. A restore hands the stored value to the consumer; old and new value are durable in the state store until the restore is done.
 *
 * <p>Thread-safe if supplier and consumer are. The supplier is called on the thread that holds the barrier, once a snapshot, and once when a restore
 * replaces the value; the consumer once when a restore replaces it and once when it is rolled back or, after a crash, undone.
 *
 * @param <T> the value's type, immutable
 */
public final class StateDataset<T> implements Dataset {

    private static final String NEW = "new";
    private static final String OLD = "old";
    private static final String SCHEMA = "schema-version";

    /** No {@code int} has more digits. */
    private static final int MOST_SCHEMA_BYTES = 16;

    /** The bytes, the value made of them and the bytes of the present value are held at once. */
    private static final long MOST_VALUE_BYTES =
            Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / 4);

    private final String name;
    private final Codec<T> codec;
    private final Supplier<? extends T> current;
    private final Consumer<? super T> replace;
    private final Function<? super T, Map<String, Long>> counts;

    private StateDataset(
            String name,
            Codec<T> codec,
            Supplier<? extends T> current,
            Consumer<? super T> replace,
            Function<? super T, Map<String, Long>> counts) {
        this.name = name;
        this.codec = codec;
        this.current = current;
        this.replace = replace;
        this.counts = counts;
    }

    /**
     * @param name the dataset's name
     * @param codec turns the value into bytes and back
     * @param current the present value, immutable; takes microseconds
     * @param replace takes a restored value as the present one
     */
    public static <T> StateDataset<T> of(
            String name, Codec<T> codec, Supplier<? extends T> current, Consumer<? super T> replace) {
        return new StateDataset<>(name, codec, current, replace, value -> Map.of());
    }

    /** With named counts for the metadata, such as the number of sessions. */
    public StateDataset<T> counts(Function<? super T, Map<String, Long>> of) {
        return new StateDataset<>(name, codec, current, replace, of);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "state";
    }

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        return Optional.of(new PreparedCapture() {
            @Override
            public FrozenView freeze() {
                T value = current.get();
                if (value == null) {
                    throw new SourceException(name, "the supplier gave null", "Let it give a value at any time", null);
                }
                return new FrozenValue(value);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        });
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        byte[] stored = read(snapshot).bytes();
        boolean same = Arrays.equals(stored, encode(current.get()));
        return new DatasetPlan(
                        name,
                        "memory",
                        0,
                        same ? 0 : 1,
                        0,
                        same ? 1 : 0,
                        stored.length,
                        same ? List.of() : List.of("replace " + codec.fileName()),
                        List.of())
                .sized(new DatasetPlan.Sizes(0, same ? 0 : stored.length, 0, same ? stored.length : 0));
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        Stored stored = read(snapshot);
        T value = decode(stored, snapshot);
        context.save(SCHEMA, text(codec.schemaVersion()));
        context.save(NEW, encode(value));
        return new Staged(context);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        return new Staged(context);
    }

    /** {@inheritDoc} It keeps the value; neither supplier nor consumer is called. */
    @Override
    public Optional<Dataset> isolated(Path folder) {
        return Optional.of(new IsolatedState<>(this));
    }

    /** The value that a snapshot holds. */
    T valueOf(DatasetReader snapshot) {
        return decode(read(snapshot), snapshot);
    }

    /** What a capture of that value would hold. */
    FrozenView viewOf(T value) {
        return new FrozenValue(value);
    }

    /** Old values, which the state store keeps, each behind the version of its form. */
    @Override
    public Optional<DatasetTrash> trash() {
        return Optional.of(new DatasetTrash() {
            @Override
            public OptionalLong bytes(OldData old) {
                return OptionalLong.of(old.value().length);
            }

            @Override
            public StagedRestore stage(OldData old, StageContext context) {
                ByteBuffer kept = ByteBuffer.wrap(old.value());
                context.save(SCHEMA, text(kept.getInt()));
                byte[] value = new byte[kept.remaining()];
                kept.get(value);
                context.save(NEW, value);
                return new Staged(context);
            }

            @Override
            public void remove(OldData old) {
                // The state store does.
            }
        });
    }

    private record Stored(byte[] bytes, int version) {}

    private Stored read(DatasetReader snapshot) {
        Map<String, byte[]> contents = new TreeMap<>();
        try (EntryCursor entries = snapshot.entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                String path = entry.path().value();
                if (path.equals(codec.fileName()) || path.equals(SCHEMA)) {
                    contents.put(path, content(entry, path.equals(SCHEMA) ? MOST_SCHEMA_BYTES : MOST_VALUE_BYTES));
                }
            }
        } catch (IOException e) {
            throw damaged(snapshot, "cannot be read", e);
        }
        byte[] value = contents.get(codec.fileName());
        byte[] version = contents.get(SCHEMA);
        if (value == null || version == null) {
            throw damaged(snapshot, "is not among the entries " + contents.keySet(), null);
        }
        try {
            return new Stored(value, number(version));
        } catch (NumberFormatException e) {
            throw damaged(snapshot, "has no version of its form in " + SCHEMA, e);
        }
    }

    /** An entry tells its size before it is read: some bytes of a snapshot can stand for terabytes of content, which must not become an array first. */
    private byte[] content(Entry entry, long most) throws IOException {
        if (entry.size() > most) {
            throw new LimitExceededException(
                    "the size in bytes of '" + entry.path() + "' of dataset '" + name + "'",
                    entry.size(),
                    most,
                    "Give the process a larger heap if the value really is as large, else restore another snapshot");
        }
        try (InputStream in = entry.content().open()) {
            return in.readAllBytes();
        }
    }

    private static int number(byte[] text) {
        return Integer.parseInt(new String(text, StandardCharsets.US_ASCII));
    }

    private static byte[] text(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private T decode(Stored stored, DatasetReader snapshot) {
        if (stored.version() > codec.schemaVersion()) {
            throw new UnsupportedFormatException(
                    "The value of dataset '" + name + "'",
                    stored.version(),
                    codec.schemaVersion(),
                    snapshot.snapshot().id());
        }
        try {
            return codec.decode(new ByteArrayInputStream(stored.bytes()), stored.version());
        } catch (IOException | RuntimeException e) {
            throw damaged(snapshot, "cannot be decoded: " + e.getMessage(), e);
        }
    }

    private DamagedSnapshotException damaged(DatasetReader snapshot, String problem, @Nullable Exception cause) {
        return new DamagedSnapshotException(snapshot.snapshot().id(), name + "/" + codec.fileName(), problem, cause);
    }

    byte[] encode(T value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            codec.encode(value, out);
        } catch (IOException | RuntimeException e) {
            throw new SourceException(
                    name, "the value cannot be encoded: " + e.getMessage(), "Mend the codec or the value", e);
        }
        return out.toByteArray();
    }

    private final class FrozenValue implements FrozenView {

        private final T value;

        FrozenValue(T value) {
            this.value = value;
        }

        @Override
        public EntryCursor entries() {
            return EntryCursor.of(
                    Stream.of(entry(codec.fileName(), encode(value)), entry(SCHEMA, text(codec.schemaVersion())))
                            .sorted(Comparator.comparing(Entry::path))
                            .toList());
        }

        private Entry entry(String path, byte[] bytes) {
            return Entry.file(
                    EntryPath.of(path), bytes.length, EntryAttributes.NONE, () -> new ByteArrayInputStream(bytes));
        }

        @Override
        public Map<String, Long> counts() {
            return counts.apply(value);
        }

        @Override
        public void close() {
            // The value belongs to the garbage collector.
        }
    }

    private final class Staged implements StagedRestore {

        private final StageContext context;

        Staged(StageContext context) {
            this.context = context;
        }

        @Override
        public void swap() {
            if (context.load(OLD).isEmpty()) {
                context.save(OLD, encode(current.get()));
            }
            replace.accept(decode(NEW));
        }

        @Override
        public void rollback() {
            if (context.load(OLD).isPresent()) {
                replace.accept(decode(OLD));
            }
        }

        @Override
        public void finish() {
            // The journal goes with the restore's records.
        }

        @Override
        public Optional<OldData> oldData() {
            return context.load(OLD)
                    .map(old -> OldData.inMemory(ByteBuffer.allocate(Integer.BYTES + old.length)
                            .putInt(codec.schemaVersion())
                            .put(old)
                            .array()));
        }

        private byte[] load(String key) {
            return context.load(key)
                    .orElseThrow(() -> new IllegalStateException(
                            "restore " + context.restoreId() + " has no " + key + " of dataset " + name));
        }

        private T decode(String key) {
            byte[] bytes = load(key);
            try {
                return codec.decode(new ByteArrayInputStream(bytes), number(load(SCHEMA)));
            } catch (IOException e) {
                throw new SourceException(
                        name,
                        "the " + key + " value kept for the restore cannot be decoded: " + e.getMessage(),
                        "Mend the codec",
                        e);
            }
        }
    }
}
