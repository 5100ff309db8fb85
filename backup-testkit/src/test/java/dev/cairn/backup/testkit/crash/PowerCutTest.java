package dev.cairn.backup.testkit.crash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The right recipe survives every power cut, and each known mistake is found. */
class PowerCutTest {

    private static final String ACK = "acknowledged";
    private static final CrashSampling EXHAUSTIVE = CrashSampling.exhaustiveUpTo(12);

    @TempDir
    Path temp;

    private CrashFileSystem disk;
    private Path root;
    private final byte[] bytes = Recipe.bytes(1_500);

    @BeforeEach
    void record() throws IOException {
        disk = CrashFileSystem.over(temp.resolve("real"));
        root = disk.root();
    }

    @Test
    void theRightRecipeSurvivesEveryPowerCut() throws IOException {
        Recipe.write(root.resolve("x.tmp"), bytes, true);
        Files.createLink(root.resolve("x"), root.resolve("x.tmp"));
        Recipe.forceFolder(root);
        disk.mark(ACK);
        Files.delete(root.resolve("x.tmp"));
        int states = disk.forEachState(temp.resolve("states"), EXHAUSTIVE, this::wholeAndKept);
        // Nothing; the temporary file empty or with its size and any of three blocks; x alone; both names; the last two
        // of them acknowledged.
        assertEquals(1 + 1 + 8 + 2 + 2, states);
    }

    @Test
    void aFileThatWasNotForcedIsSeenTorn() throws IOException {
        Recipe.write(root.resolve("x.tmp"), bytes, false);
        Files.createLink(root.resolve("x"), root.resolve("x.tmp"));
        Recipe.forceFolder(root);
        disk.mark(ACK);
        assertCaught("torn");
    }

    @Test
    void aRenameOfAnUnforcedFileIsSeenTorn() throws IOException {
        Recipe.write(root.resolve("x.tmp"), bytes, false);
        Files.move(root.resolve("x.tmp"), root.resolve("x"), StandardCopyOption.ATOMIC_MOVE);
        Recipe.forceFolder(root);
        disk.mark(ACK);
        assertCaught("torn");
    }

    @Test
    void aFolderThatWasNotForcedLosesTheName() throws IOException {
        Recipe.write(root.resolve("x.tmp"), bytes, true);
        Files.move(root.resolve("x.tmp"), root.resolve("x"), StandardCopyOption.ATOMIC_MOVE);
        disk.mark(ACK);
        assertCaught("lost");
    }

    @Test
    void aNewFolderWhoseParentWasNotForcedIsLostWithAllInIt() throws IOException {
        Path folder = Files.createDirectory(root.resolve("new"));
        Recipe.write(folder.resolve("x"), bytes, true);
        Recipe.forceFolder(folder);
        disk.mark(ACK);
        AssertionError caught = assertThrows(
                AssertionError.class,
                () -> disk.forEachState(temp.resolve("states"), EXHAUSTIVE, state -> {
                    boolean there = Files.exists(state.directory().resolve("new/x"));
                    assertTrue(there || !state.marked(ACK), "lost");
                }));
        assertTrue(caught.getMessage().contains("lost"), caught.getMessage());
        Recipe.forceFolder(root);
        disk.mark("second");
        disk.forEachState(temp.resolve("states"), EXHAUSTIVE, state -> {
            boolean there = Files.exists(state.directory().resolve("new/x"));
            assertTrue(there || !state.marked("second"), "lost");
        });
    }

    @Test
    void overwritingInPlaceMixesOldAndNew() throws IOException {
        Files.write(temp.resolve("real/x"), new byte[1_500]);
        CrashFileSystem over = CrashFileSystem.over(temp.resolve("real"));
        Recipe.write(over.root().resolve("x"), bytes, true, StandardOpenOption.WRITE);
        Set<String> seen = new TreeSet<>();
        over.forEachState(temp.resolve("states"), EXHAUSTIVE, state -> {
            byte[] found = Files.readAllBytes(state.directory().resolve("x"));
            seen.add((found[0] == 0 ? "old" : "new")
                    + (found[600] == 0 ? "old" : "new")
                    + (found[1_400] == 0 ? "old" : "new"));
        });
        assertEquals(8, seen.size(), () -> "every mixture of three blocks: " + seen);
    }

    @Test
    void aSizeWithoutItsBytesReadsAsZeros() throws IOException {
        Recipe.write(root.resolve("x"), bytes, false);
        Recipe.forceFolder(root);
        Set<String> seen = new TreeSet<>();
        disk.forEachState(temp.resolve("states"), EXHAUSTIVE, state -> {
            Path file = state.directory().resolve("x");
            if (Files.exists(file)) {
                byte[] found = Files.readAllBytes(file);
                seen.add(found.length + (found.length > 0 && Arrays.equals(found, new byte[1_500]) ? " zeros" : ""));
            }
        });
        assertEquals(Set.of("0", "1500", "1500 zeros"), seen);
    }

    @Test
    void aFailedForceThatIsTriedAgainLosesWhatItPromised() throws IOException {
        disk.failForceAt(1);
        assertThrows(IOException.class, () -> Recipe.write(root.resolve("x.tmp"), bytes, true));
        Recipe.write(root.resolve("x.tmp"), new byte[0], true, StandardOpenOption.WRITE);
        Files.move(root.resolve("x.tmp"), root.resolve("x"), StandardCopyOption.ATOMIC_MOVE);
        Recipe.forceFolder(root);
        disk.mark(ACK);
        assertCaught("torn");
    }

    @Test
    void aDeletionThatWasNotForcedComesBack() throws IOException {
        Recipe.write(root.resolve("x"), bytes, true);
        Recipe.forceFolder(root);
        Files.delete(root.resolve("x"));
        disk.mark("deleted");
        assertEquals(Set.of(Set.of(), Set.of("x")), namesAfter("deleted"));
        Recipe.forceFolder(root);
        disk.mark("forced");
        assertEquals(Set.of(Set.of()), namesAfter("forced"));
    }

    @Test
    void namesAreLostInAnyOrder() throws IOException {
        Recipe.write(root.resolve("a"), bytes, true);
        Recipe.write(root.resolve("b"), bytes, true);
        disk.mark("both");
        assertEquals(Set.of(Set.of(), Set.of("a"), Set.of("b"), Set.of("a", "b")), namesAfter("both"));
    }

    @Test
    void aRenameInOneFolderIsAtomic() throws IOException {
        Recipe.write(root.resolve("a"), bytes, true);
        Recipe.forceFolder(root);
        Files.move(root.resolve("a"), root.resolve("b"));
        disk.mark("renamed");
        assertEquals(Set.of(Set.of("a"), Set.of("b")), namesAfter("renamed"));
    }

    @Test
    void aFileRenamedAcrossFoldersIsAtOneOrBothNeverAtNeither() throws IOException {
        Path from = Files.createDirectory(root.resolve("from"));
        Path to = Files.createDirectory(root.resolve("to"));
        Recipe.forceFolder(root);
        Recipe.write(from.resolve("a"), bytes, true);
        Recipe.forceFolder(from);
        Files.move(from.resolve("a"), to.resolve("a"));
        disk.mark("renamed");
        assertEquals(
                Set.of(
                        Set.of("from", "to", "from/a"),
                        Set.of("from", "to", "to/a"),
                        Set.of("from", "to", "from/a", "to/a")),
                namesAfter("renamed"));
        Recipe.forceFolder(from);
        disk.mark("forced");
        assertEquals(Set.of(Set.of("from", "to", "to/a")), namesAfter("forced"));
    }

    @Test
    void aFolderRenamedAcrossFoldersIsAtOneOfThem() throws IOException {
        Files.createDirectories(root.resolve("from/tree"));
        Files.createDirectory(root.resolve("to"));
        Recipe.forceFolder(root);
        Recipe.forceFolder(root.resolve("from"));
        Files.move(root.resolve("from/tree"), root.resolve("to/tree"));
        disk.mark("renamed");
        assertEquals(Set.of(Set.of("from", "to", "from/tree"), Set.of("from", "to", "to/tree")), namesAfter("renamed"));
    }

    @Test
    void twoNamesOfOneFileShowTheSameTear() throws IOException {
        Recipe.write(root.resolve("a"), bytes, false);
        Files.createLink(root.resolve("b"), root.resolve("a"));
        Recipe.forceFolder(root);
        Set<Integer> sizes = new TreeSet<>();
        disk.forEachState(temp.resolve("states"), EXHAUSTIVE, state -> {
            Path a = state.directory().resolve("a");
            Path b = state.directory().resolve("b");
            if (Files.exists(a) && Files.exists(b)) {
                assertTrue(Files.isSameFile(a, b), "one inode");
                sizes.add((int) Files.size(a));
            }
        });
        assertEquals(Set.of(0, 1_500), sizes);
    }

    @Test
    void permissionsAreDurableWithTheirFile() throws IOException {
        Path file = Files.createFile(
                root.resolve("a"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Recipe.forceFolder(root);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        disk.mark("set");
        Set<String> seen = new TreeSet<>();
        disk.forEachState(temp.resolve("states"), EXHAUSTIVE, state -> {
            if (state.marked("set")) {
                seen.add(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(state.directory().resolve("a"))));
            }
        });
        assertEquals(Set.of("rw-------", "r--r-----"), seen);
    }

    @Test
    void aFailureSaysHowToSeeItAgain() throws IOException {
        Recipe.write(root.resolve("x"), bytes, false);
        disk.mark(ACK);
        AssertionError caught = assertCaught("After a power cut at point");
        for (String part : List.of("power cut ----", "write x [0, 1500)", "mark 'acknowledged'", "kept:", "lost:")) {
            assertTrue(caught.getMessage().contains(part), () -> part + " in " + caught.getMessage());
        }
        String point = caught.getMessage().replaceAll("(?s).*\\.atPoint\\((\\d+)\\).*", "$1");
        CrashSampling again = EXHAUSTIVE.atPoint(Integer.parseInt(point));
        assertThrows(AssertionError.class, () -> disk.forEachState(temp.resolve("states"), again, this::wholeAndKept));
        assertTrue(Files.isDirectory(temp.resolve("states/state")), "the failing state is left for inspection");
    }

    @Test
    void marksCountByThePointOfThePowerCut() throws IOException {
        disk.mark("one");
        Files.createFile(root.resolve("a"));
        disk.mark("two");
        assertEquals(3, disk.points());
        assertEquals(List.of(), disk.marksBefore(0));
        assertEquals(List.of("one"), disk.marksBefore(2));
        assertEquals(List.of("one", "two"), disk.marksBefore(3));
        assertEquals(List.of("mark 'one'", "create a", "mark 'two'"), disk.history());
    }

    @Test
    void largeWritesAreSampledWithTheirExtremes() throws IOException {
        byte[] large = Recipe.bytes(300_000);
        Recipe.write(root.resolve("x"), large, false);
        Recipe.forceFolder(root);
        boolean[] seen = new boolean[4];
        CrashSampling sampling = CrashSampling.random(7, 30);
        int states = disk.forEachState(temp.resolve("states"), sampling.atPoint(disk.points()), state -> {
            byte[] found = Files.readAllBytes(state.directory().resolve("x"));
            seen[0] |= found.length == 0;
            seen[1] |= Arrays.equals(found, large);
            seen[2] |= found.length == large.length && Arrays.equals(found, new byte[large.length]);
            seen[3] |= found.length == large.length && found[0] != 0 && !Arrays.equals(found, large);
        });
        assertArrayEquals(new boolean[] {true, true, true, true}, seen);
        assertEquals(states, disk.forEachState(temp.resolve("states"), sampling.atPoint(disk.points()), state -> {}));
    }

    private void wholeAndKept(CrashState state) throws IOException {
        Path file = state.directory().resolve("x");
        if (Files.exists(file)) {
            assertTrue(Arrays.equals(bytes, Files.readAllBytes(file)), "torn");
        } else {
            assertFalse(state.marked(ACK), "lost");
        }
    }

    private AssertionError assertCaught(String how) {
        AssertionError caught = assertThrows(
                AssertionError.class, () -> disk.forEachState(temp.resolve("states"), EXHAUSTIVE, this::wholeAndKept));
        assertTrue(caught.getMessage().contains(how), caught.getMessage());
        return caught;
    }

    private Set<Set<String>> namesAfter(String mark) throws IOException {
        Set<Set<String>> seen = new HashSet<>();
        disk.forEachState(temp.resolve("states"), EXHAUSTIVE, state -> {
            if (state.marked(mark)) {
                Map<String, String> tree = Recipe.tree(state.directory());
                seen.add(tree.keySet().stream().filter(name -> !name.isEmpty()).collect(Collectors.toSet()));
            }
        });
        return seen;
    }
}
