package dev.cairn.backup.core.point;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Ships what is committed to a {@link PagedDataset} in the thread that commits, so that a test knows at each step what is kept. Guarded by itself. */
public final class PagedSource implements ContinuousSource {

    public static final Limits LIMITS = new Limits(1 << 24, Duration.ofDays(2), 1 << 24, Duration.ofMillis(20));

    private final int pageSize;
    private final int pagesPerSegment;
    private final List<String> calls = new ArrayList<>();
    private LogShipping shipping;
    private Optional<LogPosition> position = Optional.empty();
    private String problem;
    private boolean paused;
    private boolean closed;
    private long written;

    PagedSource(int pageSize, int pagesPerSegment, long written) {
        this.pageSize = pageSize;
        this.pagesPerSegment = pagesPerSegment;
        this.written = written;
    }

    @Override
    public Limits limits() {
        return LIMITS;
    }

    @Override
    public synchronized void start(LogShipping to) {
        shipping = to;
        try {
            // It remembers nothing itself: what was kept last is continued if the content is still what it was then.
            position = to.last()
                    .filter(last -> last.resume().equals("written " + written))
                    .map(LogShipping.Last::position);
            if (position.isEmpty()) {
                begin("nothing was watching", written > 0);
            }
        } catch (BackupException e) {
            problem = e.getMessage();
        }
    }

    public synchronized void begin(String why, boolean gap) {
        position = Optional.of(shipping.begin(pageSize, "written " + written, why, gap));
        problem = null;
    }

    /** A transaction; told before the content changes, and it goes over several segments if it is large. */
    public synchronized void committed(int[] pages, byte[] content, long size) {
        written++;
        if (shipping == null || paused || closed || position.isEmpty()) {
            position = Optional.empty();
            return;
        }
        try {
            for (int from = 0; from == 0 || from < pages.length; from += pagesPerSegment) {
                int to = Math.min(pages.length, from + pagesPerSegment);
                Instant seenAt = shipping.clock().instant();
                List<LogSegment.Commit> commits =
                        to == pages.length ? List.of(new LogSegment.Commit(to - from, size, seenAt)) : List.of();
                position = Optional.of(shipping.keep(new LogSegment(
                        pageSize,
                        commits,
                        Arrays.copyOfRange(pages, from, to),
                        Arrays.copyOfRange(content, from * pageSize, to * pageSize),
                        "written " + written)));
            }
        } catch (BackupException e) {
            problem = e.getMessage();
            position = Optional.empty();
        }
    }

    public synchronized void requestBase(String why) {
        shipping.requestBase(why);
    }

    public synchronized Optional<LogPosition> position() {
        return position;
    }

    public synchronized long written() {
        return written;
    }

    public synchronized void breakDown(String why) {
        problem = why;
    }

    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public synchronized void pause() {
        calls.add("pause");
        paused = true;
    }

    @Override
    public synchronized void resume(String why) {
        calls.add("resume: " + why);
        paused = false;
        begin(why, false);
    }

    @Override
    public synchronized boolean flush(Duration atMost) {
        calls.add("flush");
        return position.isPresent();
    }

    @Override
    public synchronized State state() {
        return new State(problem == null && shipping != null && !paused && !closed, 17, Optional.ofNullable(problem));
    }

    @Override
    public synchronized void close() {
        calls.add("close");
        closed = true;
    }
}
