package dev.cairn.backup.core.capture;

import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.StageContext;
import dev.cairn.backup.spi.StagedRestore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A dataset whose "disk" is a {@link FakeDisk}. It fails where a test tells it to and counts what is open. Restores keep the contract of
 * {@link StagedRestore}: the disk is what survives the process, the objects are not.
 */
public final class FakeDataset implements Dataset {

    /** Where a capture can be made to fail or be watched. */
    public enum Point {
        PREPARE,
        FREEZE,
        ENTRIES,
        CONTENT,
        SUMMARY
    }

    private final String name;
    private final FakeDisk disk;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger frozen = new AtomicInteger();
    private final AtomicInteger misses = new AtomicInteger();
    private Consumer<Point> watch = point -> {};
    private Optional<Location> location = Optional.empty();
    private Optional<String> identity = Optional.empty();
    private boolean optional;
    private boolean missing;
    private List<String> changedAfterCut = List.of();
    private List<String> warnings = List.of();

    private FakeDataset(String name, FakeDisk disk) {
        this.name = name;
        this.disk = disk;
    }

    /** Over a disk of its own. */
    public static FakeDataset of(String name) {
        return on(name, new FakeDisk());
    }

    /** Over that disk. */
    public static FakeDataset on(String name, FakeDisk disk) {
        return new FakeDataset(name, disk);
    }

    /** Puts a file on the disk. */
    public FakeDataset file(String path, String content) {
        disk.write(path, content);
        return this;
    }

    /** Calls the consumer at each point of a capture; what it throws the engine gets. */
    public FakeDataset at(Consumer<Point> watcher) {
        this.watch = watcher;
        return this;
    }

    /** Throws at one point of every capture. */
    public FakeDataset failingAt(Point where, RuntimeException failure) {
        return at(point -> {
            if (point == where) {
                throw failure;
            }
        });
    }

    /** The next so many captures miss the cut while their content is read. */
    public FakeDataset missing(int captures) {
        misses.set(captures);
        return this;
    }

    public FakeDataset location(Location value) {
        this.location = Optional.of(value);
        return this;
    }

    public FakeDataset identity(String value) {
        this.identity = Optional.of(value);
        return this;
    }

    /** Without a source, and allowed to be. */
    public FakeDataset absent() {
        this.optional = true;
        this.missing = true;
        return this;
    }

    public FakeDataset changedAfterCut(String... paths) {
        this.changedAfterCut = List.of(paths);
        return this;
    }

    public FakeDataset warning(String warning) {
        this.warnings = List.of(warning);
        return this;
    }

    public FakeDisk disk() {
        return disk;
    }

    /** Prepared captures, frozen views, cursors and streams that were not closed. */
    public int open() {
        return open.get();
    }

    /** How often it was frozen. */
    public int frozen() {
        return frozen.get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "fake";
    }

    @Override
    public Optional<Location> location() {
        return location;
    }

    @Override
    public boolean isOptional() {
        return optional;
    }

    @Override
    public Optional<PreparedCapture> prepare(CaptureContext context) {
        watch.accept(Point.PREPARE);
        if (missing) {
            return Optional.empty();
        }
        warnings.forEach(context::warn);
        return Optional.of(new Prepared());
    }

    /** On a disk of its own, which nobody else sees. */
    @Override
    public Optional<Dataset> isolated(Path folder) {
        return Optional.of(on(name, new FakeDisk()));
    }

    private SourceException source(String problem) {
        return new SourceException(name, problem, "Nothing: a test wanted it", null);
    }

    private final class Prepared implements PreparedCapture {

        private final OpenOnce handle = new OpenOnce();

        @Override
        public FrozenView freeze() {
            if (handle.closed()) {
                throw source("was frozen after it was closed");
            }
            watch.accept(Point.FREEZE);
            frozen.incrementAndGet();
            return new View(disk.files());
        }

        @Override
        public void close() {
            handle.close();
        }
    }

    private final class View implements FrozenView {

        private final OpenOnce handle = new OpenOnce();
        private final boolean missed = misses.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        private final Map<String, String> files;

        View(Map<String, String> files) {
            this.files = files;
        }

        @Override
        public EntryCursor entries() {
            watch.accept(Point.ENTRIES);
            List<Entry> entries = new ArrayList<>();
            new TreeMap<>(sorted(files))
                    .forEach((path, content) -> entries.add(Entry.file(
                            path,
                            content.getBytes(StandardCharsets.UTF_8).length,
                            EntryAttributes.NONE,
                            content(content))));
            OpenOnce cursor = new OpenOnce();
            EntryCursor all = EntryCursor.of(entries);
            return new EntryCursor() {
                @Override
                public Entry next() {
                    return all.next();
                }

                @Override
                public void close() {
                    cursor.close();
                }
            };
        }

        private EntryContent content(String text) {
            return () -> {
                if (handle.closed()) {
                    throw source("was read after it was closed");
                }
                watch.accept(Point.CONTENT);
                if (missed) {
                    throw new CutMissedException(name, "a file");
                }
                OpenOnce stream = new OpenOnce();
                return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
                    @Override
                    public void close() {
                        stream.close();
                    }
                };
            };
        }

        @Override
        public Optional<String> identity() {
            return identity;
        }

        @Override
        public Map<String, Long> counts() {
            watch.accept(Point.SUMMARY);
            return Map.of("files", (long) files.size());
        }

        @Override
        public List<EntryPath> changedAfterCut() {
            return changedAfterCut.stream().map(EntryPath::of).toList();
        }

        @Override
        public void close() {
            handle.close();
        }
    }

    private static Map<EntryPath, String> sorted(Map<String, String> files) {
        Map<EntryPath, String> sorted = new TreeMap<>();
        files.forEach((path, content) -> sorted.put(EntryPath.of(path), content));
        return sorted;
    }

    private final class OpenOnce {

        private final AtomicInteger closed = new AtomicInteger();

        OpenOnce() {
            open.incrementAndGet();
        }

        boolean closed() {
            return closed.get() > 0;
        }

        void close() {
            if (closed.getAndIncrement() == 0) {
                open.decrementAndGet();
            }
        }
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        Map<String, String> stored = read(snapshot);
        Map<String, String> live = disk.files();
        long create =
                stored.keySet().stream().filter(path -> !live.containsKey(path)).count();
        long remove =
                live.keySet().stream().filter(path -> !stored.containsKey(path)).count();
        long keep = stored.entrySet().stream()
                .filter(file -> file.getValue().equals(live.get(file.getKey())))
                .count();
        long replace = stored.size() - create - keep;
        return new DatasetPlan(
                name,
                "fake disk",
                create,
                replace,
                remove,
                keep,
                snapshot.summary().bytes(),
                List.of(),
                List.of());
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        Map<String, String> stored = read(snapshot);
        context.save("staged", new byte[] {1});
        disk.stage(context.restoreId(), stored);
        return resume(context);
    }

    @Override
    public StagedRestore resume(StageContext context) {
        String restore = context.restoreId();
        return new StagedRestore() {
            @Override
            public void swap() {
                context.save("swapping", new byte[] {1});
                disk.swap(restore);
            }

            @Override
            public void rollback() {
                if (context.load("staged").isPresent()) {
                    disk.rollback(restore);
                }
            }

            @Override
            public void finish() {
                disk.finish(restore);
            }
        };
    }

    private Map<String, String> read(DatasetReader snapshot) {
        Map<String, String> files = new TreeMap<>();
        try (EntryCursor cursor = snapshot.entries()) {
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                try (InputStream in = entry.content().open()) {
                    files.put(entry.path().value(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new DamagedSnapshotException(
                    snapshot.snapshot().id(), name, "cannot be read", new UncheckedIOException(e));
        }
        return files;
    }
}
