package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.PageChanges;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest content of every page that was changed since the last snapshots, in scratch, so that the next one need not read the database. Fed with what is shipped.
 *
 * <p>It consists of layers, each from one snapshot's position to the next; the newest one grows. While a snapshot is being taken its position is not known yet, so what comes in is kept in order
 * beside the growing layer, and once the position is known it goes before or behind the cut.
 *
 * <p>An aid only: when it outgrows half of the database, when scratch fails or the timeline ends, it is dropped, and the next snapshot reads everything. A page that was cut off and came back without
 * being written (a free page, whose content SQLite never looks at) is not in it.
 *
 * <p>Thread-safe.
 */
final class PageTail {

    private static final Logger LOG = LoggerFactory.getLogger(PageTail.class);

    private static final int LAYERS = 4;
    private static final long LEAST = 16L * 1024 * 1024;

    private final Deque<Layer> sealed = new ArrayDeque<>();
    private final List<Write> waiting = new ArrayList<>();
    private @Nullable TailFile file;
    private @Nullable Layer growing;
    private @Nullable LogPosition at;
    private int pageSize;
    private long pages;
    private volatile @Nullable Object watcher;
    private volatile @Nullable Mark mark;
    private boolean open;

    /** Pages changed from one position on, and the size at the other. */
    private static final class Layer {

        private final LogPosition from;
        private LogPosition to;
        private long pages;
        private final PageMap map = new PageMap();

        Layer(LogPosition from, long pages) {
            this.from = from;
            this.to = from;
            this.pages = pages;
        }
    }

    /** A page that was written while a snapshot is being taken; page 0 is the end of a transaction, after which the database has {@code slot} pages. */
    private record Write(long transaction, int page, int slot) {}

    /** Where a snapshot lies, once that is known. */
    private record Mark(Object owner, Supplier<Optional<LogPosition>> position) {}

    /**
     * Shipping goes on from here; what does not continue what is held ends it.
     *
     * @param within whether a part of the next transaction was shipped before: then the position does not tell how much of it, and what was kept although keeping it failed was never added
     */
    synchronized void begin(LogPosition position, int size, boolean within) {
        if (within || !position.equals(at) || size != pageSize) {
            drop();
            pages = 0;
            open = within;
        }
        at = position;
        pageSize = size;
    }

    /** Takes in a segment that is kept. */
    synchronized void add(LogSegment segment, LogPosition after) {
        // Read once: what this segment holds was committed before it was read from the log. If the flag is not up by
        // now, the pin is taken later, and all of it lies before the cut.
        boolean apart = watcher != null;
        // Until all of it is in: if something is thrown, shipping goes on from a place that does not continue this.
        at = null;
        long transaction = after.transaction() - segment.commits().size();
        int from = 0;
        for (LogSegment.Commit commit : segment.commits()) {
            write(++transaction, segment, from, commit.pages(), apart);
            from = commit.pages();
            ended(transaction, commit.size(), apart);
        }
        write(transaction + 1, segment, from, segment.pages().length, apart);
        open = segment.pages().length > 0 ? from < segment.pages().length : open;
        at = after;
    }

    private void ended(long transaction, long size, boolean apart) {
        pages = size;
        if (growing == null) {
            return;
        }
        if (apart) {
            waiting.add(new Write(transaction, 0, (int) size));
        } else {
            growing.pages = size;
        }
    }

    private void write(long transaction, LogSegment segment, int from, int to, boolean apart) {
        TailFile into = file;
        Layer layer = growing;
        if (into == null || layer == null) {
            return;
        }
        try {
            for (int i = from; i < to; i++) {
                int page = segment.pages()[i];
                int slot = apart ? PageMap.NONE : layer.map.get(page);
                if (slot == PageMap.NONE) {
                    slot = into.take();
                    if (slot == PageMap.NONE) {
                        drop();
                        return;
                    }
                    if (apart) {
                        waiting.add(new Write(transaction, page, slot));
                    } else {
                        layer.map.put(page, slot);
                    }
                }
                into.write(slot, segment.content(), i * pageSize);
            }
        } catch (IOException e) {
            LOG.warn("Changed pages cannot be kept in scratch; the next snapshot reads the whole database", e);
            drop();
        }
    }

    /**
     * A snapshot will be taken soon. Begins to collect if nothing is being collected.
     *
     * @param databasePages how many pages the database has, about
     */
    synchronized void prepare(CaptureContext context, long databasePages) {
        settle();
        LogPosition from = at;
        if (from == null || open) {
            return;
        }
        if (growing == null) {
            release();
            try {
                file = TailFile.in(context.scratch(), pageSize, Math.max(LEAST, databasePages * pageSize / 2));
                growing = new Layer(from, pages);
            } catch (IOException | BackupException e) {
                LOG.info("No room for changed pages, so that snapshots read the whole database: {}", e.getMessage());
            }
        }
    }

    /** A snapshot is taken right now: from here on nothing is overwritten that it may need. Waits for nobody: it is called inside the barrier. */
    void watch(Object owner) {
        watcher = owner;
    }

    /** The snapshot is taken, and this will tell where it lies once that is shipped. Waits for nobody. */
    void taken(Object owner, Supplier<Optional<LogPosition>> position) {
        mark = new Mark(owner, position);
    }

    /** More is shipped: ends the watch if it is known now where the snapshot lies. */
    void shipped() {
        if (mark == null) {
            return;
        }
        synchronized (this) {
            Mark asked = mark;
            if (asked != null) {
                asked.position.get().ifPresent(it -> cut(asked.owner, it));
            }
        }
    }

    /** The owner's snapshot lies here: behind it a new layer grows. Nothing happens if that is known already, or the watch is over. */
    synchronized void cut(Object owner, LogPosition position) {
        if (watcher != owner) {
            return;
        }
        Layer layer = growing;
        if (layer == null || !position.reaches(layer.from)) {
            settle();
            return;
        }
        try {
            seal(layer, position);
        } catch (RuntimeException | Error e) {
            drop(); // Neither layer is what it says any more.
            throw e;
        }
    }

    private void seal(Layer layer, LogPosition position) {
        Layer next = new Layer(position, 0);
        List<Write> behind = settleInto(layer, position.transaction());
        layer.to = position;
        next.pages = layer.pages;
        growing = next;
        behind.forEach(write -> apply(next, write));
        waiting.clear();
        watcher = null;
        mark = null;
        sealed.addLast(layer);
        while (sealed.size() > LAYERS) {
            giveBack(sealed.removeFirst());
        }
    }

    /** The snapshot that was watched for has no position, or has ended. */
    synchronized void unwatch(Object owner) {
        if (watcher == owner) {
            settle();
        }
    }

    /** What changed between two positions, the later one a cut that was just made. */
    synchronized Optional<PageChanges> between(LogPosition earlier, LogPosition later) {
        TailFile from = file;
        if (from == null || sealed.isEmpty()) {
            return Optional.empty();
        }
        Layer last = sealed.getLast();
        if (!last.to.equals(later) || !later.reaches(earlier) || last.pages == 0) {
            return Optional.empty();
        }
        PageMap all = new PageMap();
        boolean reached = later.equals(earlier);
        List<Layer> needed = new ArrayList<>();
        for (Iterator<Layer> layers = sealed.descendingIterator(); layers.hasNext() && !reached; ) {
            Layer layer = layers.next();
            needed.add(0, layer);
            reached = earlier.reaches(layer.from);
        }
        if (!reached) {
            return Optional.empty();
        }
        needed.forEach(layer -> all.putAll(layer.map));
        return Optional.of(new Changes(from, all, last.pages, pageSize));
    }

    /** Lets go of the scratch file and all that is held; the next snapshot begins anew. */
    synchronized void close() {
        release();
    }

    /** Brings what waited up to a transaction into the growing layer. */
    private void settle() {
        Layer layer = growing;
        if (layer != null) {
            settleInto(layer, Long.MAX_VALUE);
        }
        waiting.clear();
        watcher = null;
        mark = null;
    }

    private List<Write> settleInto(Layer layer, long last) {
        List<Write> behind = new ArrayList<>();
        for (Write write : waiting) {
            if (write.transaction <= last) {
                apply(layer, write);
            } else {
                behind.add(write);
            }
        }
        return behind;
    }

    private void apply(Layer layer, Write write) {
        if (write.page == 0) {
            layer.pages = Integer.toUnsignedLong(write.slot);
            return;
        }
        int before = layer.map.get(write.page);
        if (before != PageMap.NONE && file != null) {
            file.giveBack(before);
        }
        layer.map.put(write.page, write.slot);
    }

    private void giveBack(Layer layer) {
        if (file != null) {
            for (int slot : layer.map.slots()) {
                file.giveBack(slot);
            }
        }
    }

    /** Collects nothing more. What is sealed stays for the snapshot that may be reading it. */
    private void drop() {
        growing = null;
        waiting.clear();
    }

    private void release() {
        drop();
        sealed.clear();
        watcher = null;
        mark = null;
        if (file != null) {
            file.close();
            file = null;
        }
    }

    /** The union of layers, newest content first. */
    private record Changes(TailFile file, PageMap map, long count, int pageSize) implements PageChanges {

        @Override
        public long size() {
            return count * pageSize;
        }

        @Override
        public int[] pages() {
            int[] numbers = map.pagesUpTo(count);
            for (int i = 0; i < numbers.length; i++) {
                numbers[i]--;
            }
            return numbers;
        }

        @Override
        public void read(int page, byte[] into, int offset) throws IOException {
            int slot = map.get(page + 1);
            if (slot == PageMap.NONE) {
                throw new IllegalArgumentException("page " + page + " is not among the changed ones");
            }
            file.read(slot, into, offset);
        }
    }
}
