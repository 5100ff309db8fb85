package dev.cairn.backup.core.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A host of a few files, a record and one object, small enough for every state of its disk to be looked at. */
final class SmallHost {

    record Memory(String text) {}

    private final Path home;
    UnaryOperator<BlobStore> repositoryStore = UnaryOperator.identity();
    UnaryOperator<BlobStore> stateStore = UnaryOperator.identity();
    volatile Memory memory = new Memory("old");

    SmallHost(Path home) {
        this.home = home;
    }

    Path data() {
        return home.resolve("data");
    }

    BlobStore state() {
        return stateStore.apply(FileBlobStore.at(home.resolve("state")));
    }

    BrowsableRepository repository() {
        return BrowsableRepository.at(repositoryStore.apply(FileBlobStore.at(home.resolve("repository"))));
    }

    FilesDataset files() {
        return FilesDataset.of("files", data()).consistency(Consistency.IMMUTABLE);
    }

    RecordDataset record() {
        return new RecordDataset(home.resolve("records/record"));
    }

    /** The datasets on disk, as a recovery is given them. */
    List<Dataset> onDisk() {
        return List.of(files(), record());
    }

    CairnBuilder configure() {
        return configureWithTrash().dataset(record());
    }

    /** Only what keeps trash, so that a rollback brings back that, and not the safety snapshot. */
    CairnBuilder configureWithTrash() {
        return Cairn.builder()
                .repository(repository())
                .state(state())
                .dataset(files())
                .dataset(StateDataset.of(
                        "memory",
                        JsonCodec.of(new ObjectMapper(), Memory.class),
                        () -> memory,
                        value -> memory = value))
                .maxAge(Duration.ofDays(1));
    }

    /** The first content: some of it is replaced by the second, some removed, some kept. */
    void writeFirst() throws IOException {
        Files.createDirectories(data().resolve("kept/deep"));
        Files.writeString(data().resolve("kept/deep/same"), "same");
        Files.writeString(data().resolve("replaced"), "first");
        Files.createDirectories(data().resolve("folder"));
        Files.writeString(data().resolve("folder/a"), "first a");
        Files.createSymbolicLink(data().resolve("link"), Path.of("replaced"));
        Files.createDirectories(home.resolve("records"));
        Files.writeString(record().file(), "first");
        memory = new Memory("first");
    }

    void writeSecond() throws IOException {
        Files.writeString(data().resolve("replaced"), "second, which is longer");
        Files.delete(data().resolve("folder/a"));
        Files.delete(data().resolve("folder"));
        Files.writeString(data().resolve("folder"), "a file now");
        Files.writeString(data().resolve("new"), "new");
        Files.delete(data().resolve("link"));
        Files.writeString(record().file(), "second record");
        memory = new Memory("second");
    }

    /** What both datasets on disk hold. */
    static Map<String, String> disk(Path home) throws IOException {
        Map<String, String> found = tree(home.resolve("data"));
        found.put("the record", Files.readString(home.resolve("records/record")));
        return found;
    }

    /** Every path with what it holds; the engine's own folders are left out. */
    static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                String name = root.relativize(path).toString();
                if (name.startsWith(".cairn-")) {
                    continue;
                }
                String rights =
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
                if (Files.isSymbolicLink(path)) {
                    found.put(name, "-> " + Files.readSymbolicLink(path));
                } else if (Files.isDirectory(path)) {
                    found.put(name, rights);
                } else {
                    found.put(name, rights + " " + Files.readString(path));
                }
            }
        }
        return found;
    }
}
