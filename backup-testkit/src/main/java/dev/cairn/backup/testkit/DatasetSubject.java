package dev.cairn.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.StagedRestore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What the dataset suites share: the source under test and the hooks by which the suite changes and looks at it. */
abstract class DatasetSubject {

    /** Room for the suite's own scratch copies. */
    @TempDir
    Path suiteScratch;

    /**
     * A new dataset object over the test's source, as a new process would make it. The source holds a counter and whatever else the subclass
     * likes to put beside it.
     *
     * @return the dataset, not {@link Dataset#isOptional}
     * @throws Exception if it cannot be made
     */
    protected abstract Dataset dataset() throws Exception;

    /**
     * Changes the counter in the live data, as the host does.
     *
     * @param value the new value
     * @throws Exception if it fails
     */
    protected abstract void writeCounter(long value) throws Exception;

    /**
     * Reads the counter from the live data, as the host does.
     *
     * @return the value
     * @throws Exception if it fails
     */
    protected abstract long readCounter() throws Exception;

    /** What this dataset promises beyond what every one must; all by default. */
    protected DatasetContract.Capabilities capabilities() {
        return DatasetContract.Capabilities.all();
    }

    /**
     * A dataset of the same kind whose source does not exist.
     *
     * @param optional what its {@link Dataset#isOptional} answers
     * @return empty, the default, if a source of this kind cannot be missing; the tests that need it are then skipped
     * @throws Exception if it cannot be made
     */
    protected Optional<Dataset> missing(boolean optional) throws Exception {
        return Optional.empty();
    }

    /**
     * Lets something of the host's use the live data so that it cannot be replaced, until the answer is closed.
     *
     * @return empty, the default, if nothing can; the test that needs it is then skipped
     * @throws Exception if it fails
     */
    protected Optional<AutoCloseable> hold() throws Exception {
        return Optional.empty();
    }

    /**
     * What the host does before a swap or rollback: close its pool. Nothing by default.
     *
     * @throws Exception if it fails
     */
    protected void letGo() throws Exception {}

    /**
     * What the host does after a swap or rollback: open its pool. Nothing by default.
     *
     * @throws Exception if it fails
     */
    protected void takeUp() throws Exception {}

    /**
     * The folder that holds the live data and all that the dataset may make beside it; the suite compares the names in it to see what stays
     * behind.
     *
     * @return empty, the default, for data that is not in files
     */
    protected Optional<Path> home() {
        return Optional.empty();
    }

    /**
     * The live data as a text that changes whenever the data does; the counter by default.
     *
     * @return the text
     * @throws Exception if it cannot be read
     */
    protected String liveData() throws Exception {
        return Long.toString(readCounter());
    }

    /**
     * The names that are in {@link #home}; overridden where names come and go by themselves.
     *
     * @return the names, relative
     * @throws Exception if they cannot be listed
     */
    protected SortedSet<String> names() throws Exception {
        SortedSet<String> names = new TreeSet<>();
        if (home().isPresent()) {
            Path home = home().get();
            try (Stream<Path> all = Files.walk(home)) {
                all.map(path -> home.relativize(path).toString()).forEach(names::add);
            }
        }
        return names;
    }

    final RecordingCaptureContext capturing() throws IOException {
        return RecordingCaptureContext.in(suiteScratch.resolve("scratch"));
    }

    /** A snapshot with the counter at {@code counter}. */
    final MemorySnapshot snapshotAt(long counter) throws Exception {
        writeCounter(counter);
        return MemorySnapshot.take(dataset(), capturing());
    }

    /** One step that needs the host to have let go. */
    final void letGoFor(Step step) throws Exception {
        letGo();
        try {
            step.run();
        } finally {
            takeUp();
        }
    }

    final void swap(StagedRestore staged) throws Exception {
        letGoFor(staged::swap);
    }

    final void rollback(StagedRestore staged) throws Exception {
        letGoFor(staged::rollback);
    }

    final void assertLive(String expected, SortedSet<String> names, String sentence) throws Exception {
        assertEquals(expected, liveData(), () -> sentence + ": the live data");
        assertEquals(names, names(), () -> sentence + ": the names beside it");
    }

    /** A step that may fail. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;
    }
}
