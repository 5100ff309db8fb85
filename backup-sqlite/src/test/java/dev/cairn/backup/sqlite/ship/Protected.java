package dev.cairn.backup.sqlite.ship;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.LogPosition;
import dev.cairn.backup.spi.ContinuousSource;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PageChanges;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.sqlite.ContinuousProtection;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A database whose log is followed into a {@link KeptLog}. */
final class Protected implements AutoCloseable {

    /**
     * A snapshot's bytes and where the log stood.
     *
     * @param patched the snapshot before with the pages that are said to have changed since; empty if that is not known
     */
    record Base(byte[] bytes, Optional<LogPosition> position, Optional<byte[]> patched) {}

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path scratch;
    private final KeptLog log;
    private final SqliteDataset dataset;
    private Optional<Base> before = Optional.empty();
    private final ContinuousSource source;

    private Protected(Path database, KeptLog log, ContinuousProtection settings) throws IOException {
        this.scratch = Files.createTempDirectory(database.getParent(), "scratch");
        this.log = log;
        this.dataset = SqliteDataset.of("host", database).continuous(settings);
        this.source = dataset.continuousSource().orElseThrow();
        source.start(log);
    }

    static Protected start(Path database, KeptLog log) throws IOException {
        return start(database, log, ContinuousProtection.defaults().pollEvery(Duration.ofMillis(50)));
    }

    static Protected start(Path database, KeptLog log, ContinuousProtection settings) throws IOException {
        return new Protected(database, log, settings);
    }

    KeptLog log() {
        return log;
    }

    ContinuousSource source() {
        return source;
    }

    SqliteDataset dataset() {
        return dataset;
    }

    /** Ships what is committed by now. */
    void flush() {
        assertTrue(source.flush(PATIENCE), () -> source.state().toString());
    }

    /** Takes a snapshot as the engine does. */
    Base base() throws Exception {
        return base(() -> {});
    }

    /** The same; the action runs between the freeze and the reading. */
    Base base(Action after) throws Exception {
        RecordingCaptureContext context = RecordingCaptureContext.in(scratch);
        try (PreparedCapture prepared = dataset.prepare(context).orElseThrow();
                FrozenView view = prepared.freeze()) {
            after.run();
            try (var entries = view.entries()) {
                EntryContent content = entries.next().content();
                byte[] whole;
                try (InputStream in = content.open()) { // First: the pin goes with the first changed page that is read.
                    whole = in.readAllBytes();
                }
                Optional<byte[]> patched = Optional.empty();
                if (before.flatMap(Base::position).isPresent()) {
                    Base old = before.get();
                    var changes = content.changesSince(old.position().orElseThrow());
                    patched = changes.isPresent()
                            ? Optional.of(patch(old.bytes(), changes.get(), content.pageSize()))
                            : Optional.empty();
                }
                Base base = new Base(whole, view.logPosition(), patched);
                patched.ifPresent(
                        it -> Replay.assertSame(it, whole, content.pageSize(), "changes at " + base.position()));
                before = Optional.of(base);
                return base;
            }
        }
    }

    private static byte[] patch(byte[] old, PageChanges changes, int pageSize) throws IOException {
        byte[] bytes = Arrays.copyOf(old, Math.toIntExact(changes.size()));
        for (int page : changes.pages()) {
            changes.read(page, bytes, page * pageSize);
        }
        return bytes;
    }

    interface Action {
        void run() throws Exception;
    }

    /** Replays from a base. */
    Replay replay(Path file, Base base) throws IOException {
        LogPosition position = base.position().orElseThrow();
        KeptLog.Timeline timeline = log.timelines().stream()
                .filter(it -> it.id().equals(position.timeline()))
                .findFirst()
                .orElseThrow();
        return new Replay(file, base.bytes(), position, timeline);
    }

    @Override
    public void close() {
        source.close();
    }
}
