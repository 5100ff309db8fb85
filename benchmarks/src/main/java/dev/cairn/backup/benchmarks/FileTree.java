package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;

/**
 * Many small files, evenly spread over folders; replaced by rename only.
 *
 * @param root the folder of all
 * @param files how many
 * @param folders over how many folders
 * @param hot how many of them are replaced again and again, each in another folder as far as there are enough
 */
record FileTree(Path root, int files, int folders, int hot) {

    private static final int SMALLEST = 256;
    private static final int LARGEST = 8_192;

    /** The tree that the options {@code files}, {@code folders} and {@code hot-files} ask for, in the work folder. */
    static FileTree of(Options options) {
        return new FileTree(
                options.work().resolve("files"),
                options.number("files"),
                options.number("folders"),
                options.number("hot-files"));
    }

    /** Makes the files unless they are there. */
    void make() throws IOException {
        if (Files.isDirectory(root)) {
            return;
        }
        SplittableRandom random = new SplittableRandom(11);
        for (int folder = 0; folder < folders; folder++) {
            Files.createDirectories(root.resolve("d" + folder));
        }
        for (int file = 0; file < files; file++) {
            byte[] content = new byte[random.nextInt(SMALLEST, LARGEST)];
            random.nextBytes(content);
            Files.write(file(file), content);
        }
    }

    /** Replaces one file with new content of 4 KiB. */
    void replace(int file, long seed) throws IOException {
        byte[] content = new byte[4096];
        new SplittableRandom(seed).nextBytes(content);
        Path written = Files.write(root.resolveSibling("next"), content);
        Files.move(written, file(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file(int number) {
        return root.resolve("d" + number % folders).resolve("f" + number + ".bin");
    }
}
