package dev.cairn.backup.core.packed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.fs.FileHome;
import dev.cairn.backup.fs.FilesDataset;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A reader in Python that was written from {@code docs/repository-format.md} alone restores what this implementation wrote. Needs {@code python3} with {@code cryptography} and
 * {@code zstandard}; where they are missing the test is skipped and says so.
 */
class IndependentReaderTest {

    private static final Path READER =
            Path.of("..", "docs", "reader", "cairn_restore.py").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @BeforeEach
    void pythonIsThere() throws Exception {
        assumeTrue(Files.isRegularFile(READER), "the reader is not beside this module");
        assumeTrue(
                isFound() && run("python3", "-c", "import cryptography, zstandard") == 0,
                "python3 with cryptography and zstandard is not installed");
    }

    private static boolean isFound() {
        try {
            return run("python3", "--version") == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    @Test
    void aReaderWrittenFromTheSpecificationRestoresTheSameTree() throws Exception {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        write(tree.resolve("small.txt"), "a small file\n".getBytes());
        write(tree.resolve("empty"), new byte[0]);
        write(tree.resolve("large.bin"), Tree.noise(1, 5_000_000));
        write(tree.resolve("zeros.bin"), new byte[3_000_000]);
        Path deep = Files.createDirectories(tree.resolve("größe/a b/日本"));
        for (int i = 0; i < 700; i++) {
            write(
                    deep.resolve("file-" + i + ".java"),
                    ("class Name" + i + " { int size; }\n").repeat(i % 40).getBytes());
        }
        Files.createSymbolicLink(tree.resolve("link"), Path.of("small.txt"));
        Files.createLink(tree.resolve("twin"), tree.resolve("small.txt"));
        Files.setPosixFilePermissions(tree.resolve("small.txt"), PosixFilePermissions.fromString("rw-r-----"));
        FileHome home = FileHome.at(folder.resolve("home"));
        String id;
        try (SnapshotManager backups = Cairn.builder()
                .home(home)
                .dataset(FilesDataset.of("tree", tree))
                .open()) {
            backups.create();
            write(tree.resolve("small.txt"), "changed\n".getBytes());
            write(deep.resolve("file-7.java"), "changed too\n".getBytes());
            id = backups.create().id().value();
        }
        Path out = folder.resolve("out");
        int exit = run(
                "python3",
                READER.toString(),
                "--repository",
                folder.resolve("home/backups").toString(),
                "--key-file",
                home.keyFile().toString(),
                "--snapshot",
                id,
                "restore",
                "--to",
                out.toString());
        assertEquals(0, exit);
        assertEquals(describe(tree), describe(out.resolve("tree")));
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-03-04T05:06:07.123456Z")));
    }

    /** Each path with its kind, rights, time and content. */
    private static Map<String, String> describe(Path root) throws Exception {
        Map<String, String> lines = new TreeMap<>();
        List<Path> all;
        try (Stream<Path> walk = Files.walk(root, new FileVisitOption[0])) {
            all = walk.filter(path -> !path.equals(root)).toList();
        }
        for (Path path : all) {
            String what;
            if (Files.isSymbolicLink(path)) {
                what = "link to " + Files.readSymbolicLink(path);
            } else if (Files.isDirectory(path)) {
                what = "folder";
            } else {
                what = HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)))
                        + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                        + " "
                        + Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                                .toInstant();
            }
            lines.put(root.relativize(path).toString(), what);
        }
        return lines;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " did not end");
        }
        return process.exitValue();
    }
}
