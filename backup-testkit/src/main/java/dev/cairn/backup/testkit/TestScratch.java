package dev.cairn.backup.testkit;

import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.ScratchSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * Scratch room in a folder of the test's, which knows what is still held. Only this object's own reservations count against the quota, and
 * {@link #clean} does nothing: each test has a folder of its own. Thread-safe.
 */
public final class TestScratch implements ScratchSpace {

    private final Path folder;
    private final long quota;
    private final ConcurrentMap<Path, Long> held = new ConcurrentHashMap<>();

    private TestScratch(Path folder, long quota) {
        this.folder = folder;
        this.quota = quota;
    }

    /** Room without a limit in a folder, which is made when it is first needed. */
    public static TestScratch in(Path folder) {
        return new TestScratch(folder, Long.MAX_VALUE);
    }

    /** The same room with a quota in bytes. */
    public TestScratch quota(long bytes) {
        return new TestScratch(folder, bytes);
    }

    /** The files that were reserved and not closed. */
    public List<Path> held() {
        return held.keySet().stream().sorted().toList();
    }

    @Override
    public synchronized ScratchFile reserve(String label, long expectedBytes) {
        long used = held.values().stream().mapToLong(Long::longValue).sum();
        if (expectedBytes > quota - used) {
            throw new LimitExceededException("scratch", used + expectedBytes, quota, "Give a greater quota");
        }
        try {
            Path place = Files.createTempDirectory(Files.createDirectories(folder), "scratch-")
                    .resolve(label);
            held.put(place, expectedBytes);
            return new Held(place);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "No scratch room in " + folder + ": " + e.getMessage(),
                    "See the cause",
                    e);
        }
    }

    @Override
    public void clean() {
        // Nothing: see the class comment.
    }

    private final class Held implements ScratchFile {

        private final Path place;

        Held(Path place) {
            this.place = place;
        }

        @Override
        public Path path() {
            return place;
        }

        @Override
        public void close() {
            if (held.remove(place) == null) {
                return;
            }
            Path own = Objects.requireNonNull(place.getParent());
            try (Stream<Path> all = Files.walk(own)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException e) {
                throw new StoreException(
                        StoreException.Reason.IO,
                        "Scratch " + own + " cannot be removed: " + e.getMessage(),
                        "See the cause",
                        e);
            }
        }
    }
}
