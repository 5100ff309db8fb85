package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The steps that recipes for durable writes are made of, and a way to compare folders. */
final class Recipe {

    private Recipe() {}

    static void write(Path file, byte[] bytes, boolean force, StandardOpenOption... options) throws IOException {
        Set<StandardOpenOption> all =
                options.length == 0 ? Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW) : Set.of(options);
        try (FileChannel channel = FileChannel.open(file, all)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            if (force) {
                channel.force(true);
            }
        }
    }

    static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        for (int i = 0; i < length; i++) {
            // Never zero, so that a block that was lost is never mistaken for one that was kept.
            bytes[i] = bytes[i] == 0 ? 1 : bytes[i];
        }
        return bytes;
    }

    /** Every path below a folder with what is there, as text. */
    static Map<String, String> tree(Path folder) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                String what = Files.isSymbolicLink(path)
                        ? "-> " + Files.readSymbolicLink(path)
                        : Files.isDirectory(path) ? "folder" : Arrays.toString(Files.readAllBytes(path));
                tree.put(folder.relativize(path).toString(), what);
            }
        }
        return tree;
    }
}
