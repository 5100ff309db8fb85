package dev.cairn.backup.sqlite.ship;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.LogSegment;
import dev.cairn.backup.spi.LogShipping;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The engine's part, for tests: keeps segments in memory, and in a folder too if it is given one, from which another process can go on. Fails when it is told to. Thread-safe.
 */
public final class KeptLog implements LogShipping {

    /** A stretch of the log; its segments are looked at while more are added. */
    public record Timeline(String id, int pageSize, String resume, String why, boolean gap, List<LogSegment> segments) {

        /** How many transactions it has. */
        public long transactions() {
            return segments.stream().mapToLong(it -> it.commits().size()).sum();
        }
    }

    private final Optional<Path> folder;
    private final List<Timeline> timelines = new ArrayList<>();
    private final List<String> basesAsked = new ArrayList<>();
    private volatile Supplier<Optional<BackupException>> trouble = Optional::empty;
    private volatile Consumer<String> watcher = step -> {};

    private KeptLog(Optional<Path> folder) {
        this.folder = folder;
    }

    static KeptLog inMemory() {
        return new KeptLog(Optional.empty());
    }

    /** What a folder holds, for going on. */
    static KeptLog in(Path folder) throws IOException {
        KeptLog log = new KeptLog(Optional.of(Files.createDirectories(folder)));
        for (int i = 0; Files.exists(folder.resolve("timeline-" + i)); i++) {
            log.timelines.add(load(folder, i));
        }
        return log;
    }

    /** Fails from now on when the supplier says with what. */
    void fail(Supplier<Optional<BackupException>> with) {
        trouble = with;
    }

    /** Is told of each step: last, begin, keep, kept. */
    void watch(Consumer<String> steps) {
        watcher = steps;
    }

    synchronized List<Timeline> timelines() {
        return List.copyOf(timelines);
    }

    synchronized Timeline latest() {
        return timelines.get(timelines.size() - 1);
    }

    synchronized List<String> basesAsked() {
        return List.copyOf(basesAsked);
    }

    @Override
    public synchronized Optional<Last> last() {
        watcher.accept("last");
        if (timelines.isEmpty()) {
            return Optional.empty();
        }
        Timeline timeline = latest();
        List<LogSegment> segments = timeline.segments();
        if (segments.isEmpty()) {
            return Optional.of(
                    new Last(new LogPosition(timeline.id(), 0), timeline.pageSize(), timeline.resume(), false));
        }
        LogSegment end = segments.get(segments.size() - 1);
        boolean open = false;
        for (LogSegment segment : segments) {
            int count = segment.commits().size();
            int committed = count == 0 ? 0 : segment.commits().get(count - 1).pages();
            open = segment.pages().length > committed || (open && count == 0);
        }
        return Optional.of(new Last(
                new LogPosition(timeline.id(), timeline.transactions()), timeline.pageSize(), end.resume(), open));
    }

    @Override
    public synchronized LogPosition begin(int pageSize, String resume, String why, boolean gap) {
        watcher.accept("begin");
        check();
        String id = "%032x".formatted(timelines.size() + 1);
        store("timeline-" + timelines.size(), out -> {
            out.writeInt(pageSize);
            out.writeUTF(resume);
            out.writeUTF(why);
            out.writeBoolean(gap);
        });
        timelines.add(new Timeline(id, pageSize, resume, why, gap, new CopyOnWriteArrayList<>()));
        notifyAll();
        return new LogPosition(id, 0);
    }

    @Override
    public synchronized LogPosition keep(LogSegment segment) {
        watcher.accept("keep");
        check();
        Timeline timeline = latest();
        store("segment-" + (timelines.size() - 1) + "-" + timeline.segments().size(), out -> write(segment, out));
        timeline.segments().add(segment);
        watcher.accept("kept");
        notifyAll();
        return new LogPosition(timeline.id(), timeline.transactions());
    }

    @Override
    public synchronized void requestBase(String why) {
        basesAsked.add(why);
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public ThreadFactory threads() {
        return Thread::new;
    }

    private void check() {
        trouble.get().ifPresent(e -> {
            throw e;
        });
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private void store(String name, Writing writing) {
        if (folder.isEmpty()) {
            return;
        }
        try {
            Path part = folder.get().resolve(name + ".part");
            try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
                writing.to(out);
            }
            Files.move(part, folder.get().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(LogSegment segment, DataOutputStream out) throws IOException {
        out.writeInt(segment.pageSize());
        out.writeUTF(segment.resume());
        out.writeInt(segment.commits().size());
        for (LogSegment.Commit commit : segment.commits()) {
            out.writeInt(commit.pages());
            out.writeLong(commit.size());
            out.writeLong(commit.seenAt().toEpochMilli());
        }
        out.writeInt(segment.pages().length);
        for (int page : segment.pages()) {
            out.writeInt(page);
        }
        out.write(segment.content());
    }

    private static Timeline load(Path folder, int number) throws IOException {
        List<LogSegment> segments = new CopyOnWriteArrayList<>();
        for (int i = 0; Files.exists(folder.resolve("segment-" + number + "-" + i)); i++) {
            try (DataInputStream in = open(folder.resolve("segment-" + number + "-" + i))) {
                segments.add(read(in));
            }
        }
        try (DataInputStream in = open(folder.resolve("timeline-" + number))) {
            return new Timeline(
                    "%032x".formatted(number + 1),
                    in.readInt(),
                    in.readUTF(),
                    in.readUTF(),
                    in.readBoolean(),
                    segments);
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        return new DataInputStream(new java.io.ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static LogSegment read(DataInputStream in) throws IOException {
        int pageSize = in.readInt();
        String resume = in.readUTF();
        List<LogSegment.Commit> commits = new ArrayList<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            commits.add(new LogSegment.Commit(in.readInt(), in.readLong(), Instant.ofEpochMilli(in.readLong())));
        }
        int[] pages = new int[in.readInt()];
        for (int i = 0; i < pages.length; i++) {
            pages[i] = in.readInt();
        }
        return new LogSegment(pageSize, commits, pages, in.readNBytes(pages.length * pageSize), resume);
    }
}
