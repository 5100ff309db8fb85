package dev.cairn.backup.core.hostile;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.SnapshotRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A host whose tree lies beside things that are not its own, with a repository that somebody else could write to. */
final class HostilePlace {

    static final ObjectMapper JSON = new ObjectMapper();

    record Memory(String text) {}

    /** How snapshots are kept. */
    sealed interface Target permits Target.Browsable, Target.Packed {

        /** As the host opens it; each call is another process. */
        SnapshotRepository open();

        /** Puts a snapshot of that id, which resembles an honest one but for what the forgery says. */
        void forge(String id, long sequence, Forgery forgery) throws IOException;

        /** Plain files, edited as anybody can. */
        record Browsable(Path folder) implements Target {
            @Override
            public SnapshotRepository open() {
                return dev.cairn.backup.core.browse.BrowsableRepository.at(FileBlobStore.at(folder));
            }

            @Override
            public void forge(String id, long sequence, Forgery forgery) throws IOException {
                new BrowsableForging(folder).forge(id, sequence, forgery);
            }
        }

        /** Written with the repository's own keys. */
        record Packed(Path folder) implements Target {
            @Override
            public SnapshotRepository open() {
                return dev.cairn.backup.core.packed.Packed.at(FileBlobStore.at(folder));
            }

            @Override
            public void forge(String id, long sequence, Forgery forgery) throws IOException {
                try (PackedForging forging = new PackedForging(folder)) {
                    forging.forge(id, sequence, forgery);
                }
            }
        }
    }

    final Path home;
    final Target target;
    volatile boolean released;
    volatile Memory memory = new Memory("honest");

    HostilePlace(Path home, Target target) {
        this.home = home;
        this.target = target;
    }

    Path root() {
        return home.resolve("data");
    }

    void makeHonest() throws IOException {
        Files.createDirectories(root().resolve("folder"));
        Files.writeString(root().resolve("folder/file"), "honest");
        Files.writeString(home.resolve("canary"), "sings");
        Files.createDirectories(home.resolve("outside"));
        Files.writeString(home.resolve("outside/canary"), "sings too");
        try (SnapshotManager backups = open()) {
            backups.create();
        }
        Files.writeString(root().resolve("folder/file"), "present");
        memory = new Memory("present");
    }

    SnapshotManager open() {
        return Cairn.builder()
                .repository(target.open())
                .state(state())
                .dataset(files())
                .dataset(StateDataset.of(
                        "memory", JsonCodec.of(JSON, Memory.class), () -> memory, value -> memory = value))
                .restoreHooks(() -> released = true, () -> {})
                .maxAge(Duration.ofDays(1))
                .open();
    }

    FileBlobStore state() {
        return FileBlobStore.at(home.resolve("state"));
    }

    FilesDataset files() {
        return FilesDataset.of("files", root()).consistency(Consistency.IMMUTABLE);
    }

    /** Everything but what Cairn keeps for itself: the tree, what lies beside it, and what should not be there. */
    Map<String, String> world() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.toList()) {
                String name = home.relativize(path).toString();
                if (!name.startsWith("repository") && !name.startsWith("state")) {
                    found.put(name, what(path));
                }
            }
        }
        found.put("memory", memory.text());
        return found;
    }

    private static String what(Path path) throws IOException {
        String rights = Files.getPosixFilePermissions(path, NOFOLLOW_LINKS).toString();
        if (Files.isSymbolicLink(path)) {
            return "-> " + Files.readSymbolicLink(path);
        }
        return Files.isDirectory(path) ? rights : rights + Files.readString(path);
    }
}
