package dev.cairn.backup.core.ship;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.LogVerification;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.LogShipping;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.CrashState;
import dev.cairn.backup.testkit.crash.RecipeMistake;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was acknowledged survives a power cut, in the spool or in the repository. Campaign: {@code -Dcairn.campaign=powercut}. */
@Timeout(900)
class ShippingPowerCutTest {

    private static final CrashSampling SAMPLING = CrashSampling.random(
            20261121,
            List.of(System.getProperty("cairn.campaign", "").split(",", -1)).contains("powercut") ? 100 : 0);

    private MemoryFolder memory;
    private Path real;

    @BeforeEach
    void prepare() throws IOException {
        memory = MemoryFolder.create();
        real = memory.path().resolve("real");
    }

    @AfterEach
    void removeStates() throws IOException {
        memory.close();
    }

    private static SegmentStore store(Path root) {
        return Logged.browsable(FileBlobStore.at(root.resolve("repository")));
    }

    private static ShippedLog process(Path root) {
        return new ShippedLog(store(root), FileBlobStore.at(root.resolve("state")));
    }

    private CrashFileSystem record() throws IOException {
        store(real);
        CrashFileSystem disk = CrashFileSystem.over(real);
        try (ShippedLog process = process(disk.root())) {
            mark(disk, process.begin("first"));
            for (int i = 1; i <= 3; i++) {
                mark(disk, process.keep(Logged.transactions(i, 1)));
                process.drain();
            }
        }
        try (ShippedLog next = process(disk.root())) {
            mark(disk, next.keepNext());
            mark(disk, next.begin("second"));
            mark(disk, next.keepNext());
            next.drain();
        }
        return disk;
    }

    private static void mark(CrashFileSystem disk, LogPosition kept) {
        disk.mark(kept.toString());
    }

    @Test
    void whatWasAcknowledgedSurvives() throws IOException {
        CrashFileSystem disk = record();
        int states = disk.forEachState(memory.path().resolve("states"), SAMPLING, ShippingPowerCutTest::assertKept);
        System.out.println("power cuts during shipping: " + states + " states at " + disk.points() + " points");
        assertTrue(states > 50, states + " states");
    }

    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticed(RecipeMistake mistake) throws IOException {
        CrashFileSystem disk = record().asIf(mistake);
        assertThrows(
                AssertionError.class,
                () -> disk.forEachState(memory.path().resolve("states"), SAMPLING, ShippingPowerCutTest::assertKept));
    }

    private static void assertKept(CrashState state) throws IOException {
        Path root = CrashFileSystem.over(state.directory()).root(); // Forces nothing, which takes time.
        List<String> marks = state.marks();
        try (ShippedLog next = process(root)) {
            Optional<LogShipping.Last> last = next.shipping.last();
            if (marks.isEmpty()) {
                assertTrue(last.isEmpty() || last.get().position().transaction() == 0, last::toString);
                return;
            }
            LogPosition found = last.orElseThrow(
                            () -> new AssertionError("acknowledged " + marks + ", nothing is kept"))
                    .position();
            String kept = marks.get(marks.size() - 1);
            long transaction = Long.parseLong(kept.substring(33));
            boolean same = found.toString().equals(kept);
            boolean more = kept.startsWith(found.timeline())
                    ? found.transaction() == transaction + 1
                    : found.transaction() == 0 && transaction == 4;
            assertTrue(same || more, () -> "acknowledged " + marks + ", kept " + found);
            LogPosition after = next.keepNext();
            assertTrue(next.drain());
            LogVerification verified = new LogVerifying(next.store, next.clock)
                    .verify(ShippedLog.DATASET, Optional.of(after), new CancellationToken());
            assertEquals(List.of(), verified.problems());
        }
    }
}
