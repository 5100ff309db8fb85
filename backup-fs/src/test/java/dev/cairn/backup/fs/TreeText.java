package dev.cairn.backup.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A tree in words: kinds, modes, times, content, targets; equal texts mean equal trees. Staging and trash are not in it. */
final class TreeText {

    private TreeText() {}

    static String of(Path root) throws IOException {
        return of(root, true);
    }

    /** Without times and modes: content and names only. */
    static String contentOf(Path root) throws IOException {
        return of(root, false);
    }

    private static String of(Path root, boolean attributes) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !root.relativize(path).toString().contains(".cairn-"))
                    .sorted()
                    .map(path -> line(root, path, attributes))
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String line(Path root, Path path, boolean attributes) {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:mode,lastModifiedTime,nlink", NOFOLLOW_LINKS);
            String what = Files.isSymbolicLink(path)
                    ? "link " + Files.readSymbolicLink(path)
                    : Files.isDirectory(path)
                            ? "folder"
                            : Files.isRegularFile(path) ? "file " + content(path) : "special";
            boolean link = Files.isSymbolicLink(path);
            return root.relativize(path) + " " + what
                    + (attributes ? " " + found.get("mode") + (link ? "" : " " + found.get("lastModifiedTime")) : "")
                    + (Files.isDirectory(path) ? "" : " names=" + found.get("nlink"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String content(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return bytes.length + ":" + (bytes.length < 40 ? new String(bytes).strip() : "" + Arrays.hashCode(bytes));
    }
}
