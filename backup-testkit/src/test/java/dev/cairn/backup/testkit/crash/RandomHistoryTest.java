package dev.cairn.backup.testkit.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is done, the model agrees with the real disk: nothing lost is the disk as it is, and all forced is that state alone. */
class RandomHistoryTest {

    private static final int STEPS = 60;
    private static final List<String> FOLDERS = List.of("", "a", "a/b", "c");
    private static final List<String> NAMES = List.of("x", "y", "z", "a", "b", "c");

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingLostIsTheRealDiskAndAllForcedIsOnlyThat(long seed) throws IOException {
        CrashFileSystem disk = CrashFileSystem.over(folder.resolve("real"));
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < STEPS; step++) {
            try {
                step(disk.root(), random);
            } catch (FileSystemException refused) {
                // The real disk said no: nothing was done and nothing may be recorded.
            }
        }
        Map<String, String> real = Recipe.tree(folder.resolve("real"));
        Set<Map<String, String>> states = statesAtEnd(disk, folder);
        assertTrue(states.contains(real), "the state in which nothing was lost is the real disk");

        forceAll(disk.root());
        assertEquals(Set.of(real), statesAtEnd(disk, folder), "everything is forced");
    }

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    private static Set<Map<String, String>> statesAtEnd(CrashFileSystem disk, Path temp) throws IOException {
        Set<Map<String, String>> states = new HashSet<>();
        disk.forEachState(
                temp.resolve("states"),
                CrashSampling.random(1, 5).atPoint(disk.points()),
                state -> states.add(Recipe.tree(state.directory())));
        return states;
    }

    private static void step(Path root, SplittableRandom random) throws IOException {
        Path path = path(root, random);
        Path other = path(root, random);
        switch (random.nextInt(12)) {
            case 0, 1 -> write(path, random, StandardOpenOption.CREATE);
            case 2 -> write(path, random, StandardOpenOption.TRUNCATE_EXISTING);
            case 3 -> write(path, random, StandardOpenOption.APPEND);
            case 4 -> truncate(path, random);
            case 5 -> Files.createDirectory(path);
            case 6 -> Files.delete(path);
            case 7 -> Files.createLink(path, other);
            case 8 -> move(path, other, random);
            case 9 -> Files.createSymbolicLink(path, root.getFileSystem().getPath("some", "where"));
            case 10 -> Recipe.forceFolder(Files.isDirectory(path) ? path : root);
            default -> force(path);
        }
    }

    private static Path path(Path root, SplittableRandom random) {
        return root.resolve(FOLDERS.get(random.nextInt(FOLDERS.size())))
                .resolve(NAMES.get(random.nextInt(NAMES.size())));
    }

    private static void write(Path path, SplittableRandom random, StandardOpenOption option) throws IOException {
        byte[] bytes = new byte[random.nextInt(1_500)];
        random.nextBytes(bytes);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE, option)) {
            if (option == StandardOpenOption.CREATE) {
                channel.write(ByteBuffer.wrap(bytes), random.nextInt(800));
            } else {
                channel.write(ByteBuffer.wrap(bytes));
            }
        }
    }

    private static void truncate(Path path, SplittableRandom random) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(random.nextInt(1_000));
        }
    }

    private static void move(Path path, Path other, SplittableRandom random) throws IOException {
        if (other.startsWith(path)) {
            return;
        }
        Files.move(
                path,
                other,
                random.nextBoolean() ? StandardCopyOption.ATOMIC_MOVE : StandardCopyOption.REPLACE_EXISTING);
    }

    private static void force(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    private static void forceAll(Path root) throws IOException {
        for (Path path : all(root)) {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                Recipe.forceFolder(path);
            } else if (!Files.isSymbolicLink(path)) {
                force(path);
            }
        }
    }

    private static List<Path> all(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return new ArrayList<>(walk.sorted().toList());
        }
    }
}
