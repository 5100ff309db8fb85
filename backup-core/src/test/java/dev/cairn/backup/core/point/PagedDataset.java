package dev.cairn.backup.core.point;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.ContinuousSource;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One content of pages in memory with a change log. It remembers what it was after each transaction: the model that every restored point must equal. Guarded by itself. */
public final class PagedDataset implements Dataset {

    public static final String NAME = "db";
    public static final int PAGE = 512;

    private final PagedSource source;
    private final Map<LogPosition, byte[]> states = new HashMap<>();
    private final Map<String, byte[]> before = new HashMap<>();
    private byte[] content;
    private int failures;
    private boolean untold;

    public PagedDataset(int pages, int pagesPerSegment) {
        this.content = filled(pages, 1);
        this.source = new PagedSource(PAGE, pagesPerSegment, 0);
    }

    /** A process that has just started finds the same content. */
    private PagedDataset(PagedDataset old) {
        this.content = old.content;
        this.states.putAll(old.states);
        this.source = new PagedSource(PAGE, 4, old.source.written());
    }

    public PagedDataset restarted() {
        return new PagedDataset(this);
    }

    public static byte[] filled(int pages, int with) {
        byte[] bytes = new byte[pages * PAGE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (with * 31 + i / PAGE * 7 + i);
        }
        return bytes;
    }

    public PagedSource source() {
        return source;
    }

    public synchronized byte[] content() {
        return content.clone();
    }

    /** What it was behind that position. */
    public synchronized byte[] at(LogPosition position) {
        return states.get(position).clone();
    }

    public synchronized Map<LogPosition, byte[]> states() {
        return Map.copyOf(states);
    }

    /** The next captures fail. */
    public synchronized void failing(int captures) {
        failures = captures;
    }

    /** Snapshots do not tell the position any more, or do again. */
    public synchronized void untold(boolean value) {
        untold = value;
    }

    /** Writes pages, numbered from 1, and sets the size. */
    public synchronized void commit(int size, int with, int... pages) {
        byte[] written = new byte[pages.length * PAGE];
        byte[] next = Arrays.copyOf(content, Math.max(size, pages.length == 0 ? 0 : max(pages)) * PAGE);
        for (int i = 0; i < pages.length; i++) {
            byte[] page = Arrays.copyOf(filled(1, with + 13 * pages[i]), PAGE);
            System.arraycopy(page, 0, written, i * PAGE, PAGE);
            System.arraycopy(page, 0, next, (pages[i] - 1) * PAGE, PAGE);
        }
        content = Arrays.copyOf(next, size * PAGE);
        source.committed(pages, written, size);
        remember();
    }

    private static int max(int[] pages) {
        return Arrays.stream(pages).max().orElse(0);
    }

    public synchronized void remember() {
        source.position().ifPresent(position -> states.put(position, content.clone()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String kind() {
        return "pages";
    }

    @Override
    public Optional<Location> location() {
        return Optional.empty();
    }

    @Override
    public Optional<ContinuousSource> continuousSource() {
        return Optional.of(source);
    }

    @Override
    public synchronized Optional<PreparedCapture> prepare(CaptureContext context) {
        if (failures > 0) {
            failures--;
            throw new SourceException(NAME, "cannot be read", "Nothing: a test wanted it", null);
        }
        return Optional.of(new PreparedCapture() {
            @Override
            public FrozenView freeze() {
                return frozen();
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        });
    }

    private synchronized FrozenView frozen() {
        byte[] cut = content;
        Optional<LogPosition> position = untold ? Optional.empty() : source.position();
        position.ifPresent(known -> states.put(known, cut));
        EntryContent pages = new EntryContent() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(cut);
            }

            @Override
            public int pageSize() {
                return PAGE;
            }
        };
        Entry entry = Entry.file(EntryPath.of("pages"), cut.length, EntryAttributes.NONE, pages);
        return new FrozenView() {
            @Override
            public EntryCursor entries() {
                return EntryCursor.of(List.of(entry));
            }

            @Override
            public Optional<LogPosition> logPosition() {
                return position;
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    public DatasetPlan compare(DatasetReader snapshot) {
        return new DatasetPlan(NAME, "memory", 0, 1, 0, 0, snapshot.summary().bytes(), List.of(), List.of());
    }

    @Override
    public StagedRestore stage(DatasetReader snapshot, StageContext context) {
        byte[] staged = pieces(snapshot);
        synchronized (this) {
            before.put(context.restoreId(), content);
        }
        return new StagedRestore() {
            @Override
            public void swap() {
                synchronized (PagedDataset.this) {
                    content = staged;
                }
            }

            @Override
            public void rollback() {
                synchronized (PagedDataset.this) {
                    content = before.get(context.restoreId());
                }
            }

            @Override
            public void finish() {
                // The old content is kept for the test.
            }
        };
    }

    @Override
    public StagedRestore resume(StageContext context) {
        throw new UnsupportedOperationException("no test lets a process die in a restore");
    }

    /** Read piece by piece; that they do not overlap and make it up whole is part of the contract. */
    public static byte[] pieces(DatasetReader reader) {
        Entry entry = only(reader);
        byte[] read = new byte[(int) entry.size()];
        byte[] times = new byte[read.length];
        try {
            reader.contents(
                    List.of(entry),
                    (file, position, bytes, offset, length) -> {
                        synchronized (times) {
                            System.arraycopy(bytes, offset, read, (int) position, length);
                            for (int i = 0; i < length; i++) {
                                times[(int) position + i]++;
                            }
                        }
                    },
                    new CancellationToken());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < times.length; i++) {
            if (times[i] != 1) {
                throw new AssertionError("byte " + i + " was handed out " + times[i] + " times");
            }
        }
        return read;
    }

    /** The same, with room for two changed pages at a time. */
    public static byte[] narrowStream(DatasetReader reader) {
        try (InputStream in = ((PointDataset) reader).stream(2 * PAGE)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Read from its beginning to its end. */
    public static byte[] stream(DatasetReader reader) {
        try (InputStream in = only(reader).content().open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Entry only(DatasetReader reader) {
        try (EntryCursor entries = reader.entries()) {
            Entry entry = entries.next();
            if (entry == null || entries.next() != null) {
                throw new AssertionError("not one entry");
            }
            return entry;
        }
    }
}
