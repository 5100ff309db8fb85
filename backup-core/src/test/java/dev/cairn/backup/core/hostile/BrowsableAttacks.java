package dev.cairn.backup.core.hostile;

import static dev.cairn.backup.core.hostile.RawEntry.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What only files can do that lie open for everybody. */
final class BrowsableAttacks {

    private BrowsableAttacks() {}

    static List<Attack> all() {
        List<Attack> attacks = new ArrayList<>(List.of(
                stored("/etc/passwd"),
                stored("snap-7/snapshot/../../../canary"),
                stored("../canary"),
                stored("snap-1/snapshot/files/folder/file"),
                stored("snap-7/manifest.json"),
                stored("C:\\canary"),
                stored("snap-7/snapshot/none"),
                stored("snap-7/snapshot/"),
                stored(""),
                line("checksum", "00"),
                line("checksum", "../../canary"),
                line("mode", "4755"),
                line("mode", "-1"),
                line("mode", "99999999999999999999"),
                line("type", "DEVICE"),
                line("modified", "+1000000001-01-01T00:00:00Z"),
                line("modified", "x"),
                new Attack(
                        "an unknown algorithm",
                        forgery -> forgery.manifest(manifest -> manifest.put("checksumAlgorithm", "NONE"))),
                new Attack(
                        "an algorithm that is a path",
                        forgery -> forgery.manifest(manifest -> manifest.put("checksumAlgorithm", "../x"))),
                new Attack(
                        "a line that is null",
                        forgery -> forgery.summary(
                                summary -> summary.withArray("listing").addNull())),
                content("content that is a link out of the repository", file -> {
                    Files.delete(file);
                    Files.createSymbolicLink(file, Path.of("/etc/passwd"));
                }),
                content("content that is a link to a device without end", file -> {
                    Files.delete(file);
                    Files.createSymbolicLink(file, Path.of("/dev/zero"));
                }),
                content("content that is a folder", file -> {
                    Files.delete(file);
                    Files.createDirectory(file);
                }),
                content("content that is a pipe nobody writes to", file -> {
                    Files.delete(file);
                    run("mkfifo", file.toString());
                }),
                manifest("a manifest that is a link to a device without end", file -> {
                    Files.delete(file);
                    Files.createSymbolicLink(file, Path.of("/dev/zero"));
                }),
                manifest("a manifest that is a pipe nobody writes to", file -> {
                    Files.delete(file);
                    run("mkfifo", file.toString());
                }),
                manifest("a manifest larger than any", file -> {
                    try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
                        sparse.setLength(1L << 40);
                    }
                }),
                manifest("a manifest that is empty", file -> Files.write(file, new byte[0]))));
        return attacks;
    }

    private static Attack stored(String place) {
        return line("stored", place);
    }

    private static Attack line(String field, String value) {
        return new Attack(
                "a file whose " + field + " is " + Attacks.shown(value),
                forgery -> forgery.tree(file("a", "x"))
                        .summary(summary -> ((com.fasterxml.jackson.databind.node.ObjectNode)
                                        summary.withArray("listing").get(1))
                                .put(field, value)));
    }

    private static Attack content(String name, Forgery.Harm harm) {
        return new Attack(
                name,
                forgery -> forgery.tree(file("a", "x"))
                        .afterwards(snapshot -> harm.to(snapshot.resolve("snapshot/files-forged-1"))));
    }

    private static Attack manifest(String name, Forgery.Harm harm) {
        return new Attack(name, forgery -> forgery.afterwards(snapshot -> harm.to(snapshot.resolve("manifest.json"))));
    }

    private static void run(String... command) {
        try {
            new ProcessBuilder(command).start().waitFor();
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
