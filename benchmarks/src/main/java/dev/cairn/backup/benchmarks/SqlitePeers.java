package dev.cairn.backup.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The ways to back up a SQLite database by name, each called as its documentation calls it, with its default flags. A step of a restore is {@code restore} for what the peer does unasked, and {@code proved}
 * for the same with SQLite's full integrity check.
 */
final class SqlitePeers {

    private static final String SECRET = "correct horse";
    private static final String FILE = "memory.db";

    private final Path work;
    private final Path live;

    /**
     * Peers that keep their repositories in a folder.
     *
     * @param live the host's database
     */
    SqlitePeers(Path work, Path live) {
        this.work = work;
        this.live = live;
    }

    /** The programs that a peer needs and that are not on the path. */
    static List<String> missing(String name) {
        List<String> needed = switch (name) {
            case "restic" -> List.of("restic", "sqlite3");
            case "litestream" -> List.of("litestream", "sqlite3");
            default -> List.<String>of();
        };
        return needed.stream().filter(program -> !Peers.onPath(program)).toList();
    }

    /** @throws IllegalArgumentException if it is none of cairn, cairn-short, restic and litestream */
    Peer peer(String name) {
        Path folder = work.resolve("peer-" + name);
        return switch (name) {
            case "cairn" -> cairn(name, folder, List.of());
            case "cairn-short" -> cairn(name, folder, ShortLivedJvm.options(work));
            case "restic" -> restic(folder);
            case "litestream" -> litestream(folder);
            default -> throw new IllegalArgumentException("no peer '" + name + "'");
        };
    }

    /** The database that a peer backs up. Litestream has one of its own, for it puts tables of its own into it. */
    Path database(Peer peer) {
        return peer.name().equals("litestream") ? peer.folder().resolve("own").resolve(FILE) : live;
    }

    private static Peer cairn(String name, Path folder, List<String> jvm) {
        return new Peer(
                name,
                folder,
                folder.resolve("backups"),
                Map.of(),
                List.of(),
                (step, database) -> java(jvm, "backup", folder, database),
                (step, out) -> java(jvm, step, folder, out.resolve(FILE)),
                List.of());
    }

    private static List<String> java(List<String> jvm, String what, Path folder, Path database) {
        return Peers.java(SqliteProcess.class, jvm, what, folder.toString(), database.toString());
    }

    /** SQLite's own copy, taken while the host runs, and then that file. */
    private Peer restic(Path folder) {
        Path copy = folder.resolve("copy").resolve(FILE);
        String restic = "restic -q -r " + quoted(folder.resolve("repository"));
        return new Peer(
                "restic",
                folder,
                folder.resolve("repository"),
                Map.of(
                        "RESTIC_PASSWORD",
                        SECRET,
                        "RESTIC_CACHE_DIR",
                        folder.resolve("cache").toString()),
                shell(restic + " init"),
                (step, database) -> shell(copied(database, copy) + " && " + restic + " backup " + quoted(copy)),
                (step, out) -> {
                    String restore = restic + " restore latest --target " + quoted(out);
                    Path restored = Path.of(out + copy.toString());
                    return shell(step.equals("proved") ? restore + " && " + checked(restored) : restore);
                },
                List.of());
    }

    /** Its replica is a folder; it runs until that has all that the database has, and ends. */
    private Peer litestream(Path folder) {
        Path replica = folder.resolve("replica");
        return new Peer(
                "litestream",
                folder,
                replica,
                Map.of(),
                shell(copied(live, folder.resolve("own").resolve(FILE))),
                (step, database) ->
                        List.of("litestream", "replicate", "-once", database.toString(), "file://" + replica),
                (step, out) -> Stream.concat(
                                Stream.of(
                                        "litestream",
                                        "restore",
                                        "-o",
                                        out.resolve(FILE).toString()),
                                step.equals("proved")
                                        ? Stream.of("-integrity-check", "full", "file://" + replica)
                                        : Stream.of("file://" + replica))
                        .toList(),
                List.of());
    }

    private static String copied(Path from, Path to) {
        return "mkdir -p " + quoted(Path.of(String.valueOf(to.getParent()))) + " && sqlite3 " + quoted(from)
                + " \".backup " + quoted(to) + "\"";
    }

    private static String checked(Path database) {
        return "test \"$(sqlite3 " + quoted(database) + " 'PRAGMA integrity_check')\" = ok";
    }

    private static List<String> shell(String script) {
        return List.of("sh", "-c", script);
    }

    private static String quoted(Path path) {
        return "'" + path + "'";
    }
}
