package dev.cairn.backup.core.packed.fence;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.CrashState;
import dev.cairn.backup.testkit.crash.RecipeMistake;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariants 1, 2 and 4 of a packed repository under power cuts. Campaign: {@code -Dcairn.campaign=powercut}. */
class PackedPowerCutTest {

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

    private static PackedRepository at(Path root) {
        return Packed.at(FileBlobStore.at(root.resolve("repository")));
    }

    private static void backup(PackedRepository repository, Integer... files) {
        try (SnapshotWriter writer = World.begin(repository)) {
            World.write(writer, Optional.empty(), new TreeSet<>(List.of(files)));
        }
    }

    /** Three snapshots that share chunks, durable before the recording begins. */
    private void three() {
        try (PackedRepository repository = at(real)) {
            backup(repository, 1, 2, 3, 4, 5, 6);
            backup(repository, 11, 12);
            backup(repository, 1, 2, 11, 21);
        }
    }

    private CrashFileSystem recordCreate() throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(real);
        try (PackedRepository repository = at(disk.root())) {
            backup(repository, 1, 2);
            disk.mark("has snap-1");
            backup(repository, 2, 3);
            disk.mark("has snap-2");
        }
        return disk;
    }

    private CrashFileSystem recordDeleteAndSweep() throws IOException {
        three();
        CrashFileSystem disk = CrashFileSystem.over(real);
        disk.mark("has snap-3");
        try (PackedRepository repository = at(disk.root())) {
            repository.delete(dev.cairn.backup.SnapshotId.of("snap-1"));
            disk.mark("lacks snap-1");
            repository.delete(dev.cairn.backup.SnapshotId.of("snap-2"));
            disk.mark("lacks snap-2");
            World.sweep(repository);
            backup(repository, 3, 4, 12);
            disk.mark("has snap-5");
        }
        return disk;
    }

    @Test
    void anAcknowledgedSnapshotSurvivesAndAnyOtherIsAbsentOrWhole() throws IOException {
        report("create", recordCreate());
    }

    @Test
    void whatIsDeletedAndSweptTakesNothingElseAlong() throws IOException {
        report("delete and sweep", recordDeleteAndSweep());
    }

    private void report(String what, CrashFileSystem disk) throws IOException {
        int states = disk.forEachState(memory.path().resolve("states"), SAMPLING, PackedPowerCutTest::assertWhole);
        System.out.println("power cuts during " + what + ": " + states + " states at " + disk.points() + " points");
    }

    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticedDuringACreate(RecipeMistake mistake) throws IOException {
        assertNoticed(recordCreate().asIf(mistake));
    }

    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticedDuringADeletionAndASweep(RecipeMistake mistake) throws IOException {
        assertNoticed(recordDeleteAndSweep().asIf(mistake));
    }

    private void assertNoticed(CrashFileSystem disk) {
        assertThrows(
                AssertionError.class,
                () -> disk.forEachState(memory.path().resolve("states"), SAMPLING, PackedPowerCutTest::assertWhole));
    }

    /** As it was left, after a sweep, and after one more snapshot. */
    private static void assertWhole(CrashState state) throws IOException {
        Path root = CrashFileSystem.over(state.directory()).root(); // Forces nothing, which takes time.
        try (PackedRepository repository = at(root)) {
            assertListed(repository, state.marks());
            World.sweep(repository, 0);
            assertListed(repository, state.marks());
            backup(repository, 1, 3, 5, 12);
            World.sweep(repository, 0);
            assertListed(repository, state.marks());
        }
    }

    private static void assertListed(PackedRepository repository, List<String> marks) {
        Set<String> listed = World.assertListedIsWhole(repository);
        Set<String> wanted = new HashSet<>();
        for (String mark : marks) {
            String id = mark.substring(mark.indexOf(' ') + 1);
            if (mark.startsWith("has ")) {
                wanted.add(id);
            } else {
                assertTrue(!listed.contains(id), () -> id + " was deleted and is listed");
            }
        }
        assertTrue(listed.containsAll(wanted), () -> "acknowledged " + marks + ", listed " + listed);
    }
}
