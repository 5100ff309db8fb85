package dev.cairn.backup.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The peers by name, each called as its documentation calls it, with its default flags. */
final class Peers {

    private static final String SECRET = "correct horse";

    private final Path work;
    private final Path live;

    /**
     * Peers that keep their repositories in a folder.
     *
     * @param live the tree that all of them back up
     */
    Peers(Path work, Path live) {
        this.work = work;
        this.live = live;
    }

    /** Whether the program is on the path; Cairn always is. */
    static boolean isInstalled(String name) {
        return name.startsWith("cairn") || (name.equals("tar") ? onPath("tar") && onPath("zstd") : onPath(name));
    }

    /** Whether there is such a program. */
    static boolean onPath(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** @throws IllegalArgumentException if it is none of cairn, cairn-128m, cairn-short, restic, rustic, borg and tar */
    Peer peer(String name) {
        Path folder = work.resolve("peer-" + name);
        return switch (name) {
            case "cairn" -> cairn(name, folder, List.of());
            case "cairn-128m" -> cairn(name, folder, List.of("-Xmx128m"));
            case "cairn-short" -> cairn(name, folder, ShortLivedJvm.options(work));
            case "restic" -> restic(folder);
            case "rustic" -> rustic(folder);
            case "borg" -> borg(folder);
            case "tar" -> tar(folder);
            default -> throw new IllegalArgumentException("no peer '" + name + "'");
        };
    }

    private Peer cairn(String name, Path folder, List<String> jvm) {
        return new Peer(
                name,
                folder,
                folder.resolve("backups"),
                Map.of(),
                List.of(),
                (step, tree) -> java(jvm, "backup", text(folder), text(tree)),
                (step, out) -> java(jvm, "restore", text(folder), text(out)),
                java(jvm, "check", text(folder), text(live)));
    }

    /** {@link PackedProcess} in a JVM like this one, with the same classes. */
    static List<String> java(List<String> jvm, String... arguments) {
        return java(PackedProcess.class, jvm, arguments);
    }

    /** A program of ours in a JVM like this one, with the same classes. */
    static List<String> java(Class<?> main, List<String> jvm, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(jvm);
        command.add("-cp");
        command.add(Stream.of("jdk.module.path", "java.class.path")
                .map(property -> System.getProperty(property, ""))
                .filter(path -> !path.isBlank())
                .reduce((modules, classes) -> modules + File.pathSeparator + classes)
                .orElseThrow());
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    private Peer restic(Path folder) {
        List<String> restic = List.of("restic", "-q", "-r", text(folder.resolve("repository")));
        return new Peer(
                "restic",
                folder,
                folder.resolve("repository"),
                Map.of("RESTIC_PASSWORD", SECRET, "RESTIC_CACHE_DIR", text(folder.resolve("cache"))),
                plus(restic, "init"),
                (step, tree) -> plus(restic, "backup", text(tree)),
                (step, out) -> plus(restic, "restore", "latest", "--target", text(out)),
                plus(restic, "check", "--read-data"));
    }

    private Peer rustic(Path folder) {
        List<String> rustic = List.of("rustic", "--no-progress", "-r", text(folder.resolve("repository")));
        return new Peer(
                "rustic",
                folder,
                folder.resolve("repository"),
                Map.of("RUSTIC_PASSWORD", SECRET, "XDG_CACHE_HOME", text(folder.resolve("cache"))),
                plus(rustic, "init"),
                (step, tree) -> plus(rustic, "backup", text(tree)),
                (step, out) -> plus(rustic, "restore", "latest", text(out)),
                plus(rustic, "check", "--read-data"));
    }

    /** {@code repokey-blake2} is what its documentation recommends; it has no default mode. Compression is its default, lz4. */
    private Peer borg(Path folder) {
        String repository = text(folder.resolve("repository"));
        return new Peer(
                "borg",
                folder,
                folder.resolve("repository"),
                Map.of(
                        "BORG_PASSPHRASE",
                        SECRET,
                        "BORG_BASE_DIR",
                        text(folder.resolve("base")),
                        "BORG_RELOCATED_REPO_ACCESS_IS_OK",
                        "yes"),
                List.of("borg", "init", "-e", "repokey-blake2", repository),
                (step, tree) -> List.of("borg", "create", repository + "::" + step, text(tree)),
                (step, out) -> List.of(
                        "sh", "-c", "cd '" + text(out) + "' && exec borg extract '" + repository + "::" + step + "'"),
                List.of("borg", "check", "--verify-data", repository));
    }

    /** Neither encrypted nor deduplicated: what a script would do. */
    private static Peer tar(Path folder) {
        return new Peer(
                "tar",
                folder,
                folder,
                Map.of(),
                List.of(),
                (step, tree) -> List.of(
                        "sh",
                        "-c",
                        "mkdir -p '" + text(folder) + "' && tar -C '" + text(tree)
                                + "' -cf - . | zstd -q -3 -T2 -f -o '" + text(folder.resolve(step + ".tar.zst")) + "'"),
                (step, out) -> List.of(
                        "sh",
                        "-c",
                        "zstd -q -dc '" + text(folder.resolve(step + ".tar.zst")) + "' | tar -C '" + text(out)
                                + "' -xf -"),
                List.of());
    }

    private static List<String> plus(List<String> program, String... arguments) {
        return Stream.concat(program.stream(), Stream.of(arguments)).toList();
    }

    private static String text(Path path) {
        return path.toString();
    }
}
