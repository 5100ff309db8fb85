package dev.cairn.backup.core.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.hostile.HostilePlace.Target;
import dev.cairn.backup.testkit.MemoryFolder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Snapshots that nobody took: refused with a typed error that names the place, before the host is asked to let go of anything and before anything of its tree has changed; what lies beside
 * the tree stays as it is, and nothing appears there. All of it within the heap and the time of an ordinary test.
 */
@Timeout(600)
class HostileSnapshotsTest {

    private static final SnapshotId HONEST = SnapshotId.of("snap-1");
    private static final SnapshotId FORGED = SnapshotId.of("snap-7");

    /** In memory, because each attack makes a repository, and none of it needs to outlive a power cut. */
    private MemoryFolder memory;

    private Path home;

    @BeforeEach
    void makeFolder() throws Exception {
        memory = MemoryFolder.create();
        home = memory.path();
    }

    @AfterEach
    void removeFolder() throws Exception {
        memory.close();
    }

    static Stream<Attack> everywhere() {
        return Attacks.all().stream();
    }

    static Stream<Attack> packedOnly() {
        return PackedAttacks.all().stream();
    }

    static Stream<Attack> browsableOnly() {
        return BrowsableAttacks.all().stream();
    }

    static Stream<List<RawEntry>> elsewhere() {
        return Attacks.elsewhere().stream();
    }

    private Target browsable() {
        return new Target.Browsable(home.resolve("repository"));
    }

    private Target packed() {
        return new Target.Packed(home.resolve("repository"));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aBrowsableSnapshotIsRefused(Attack attack) throws Exception {
        assertRefused(browsable(), attack);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void aPackedSnapshotIsRefused(Attack attack) throws Exception {
        assertRefused(packed(), attack);
    }

    @ParameterizedTest
    @MethodSource("packedOnly")
    void aForgedListingOrBlockIsRefused(Attack attack) throws Exception {
        assertRefused(packed(), attack);
    }

    @ParameterizedTest
    @MethodSource("browsableOnly")
    void aForgedFileOfARepositoryIsRefused(Attack attack) throws Exception {
        assertRefused(browsable(), attack);
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void whatAnotherPlatformWouldTakeForAPathIsANameInABrowsableSnapshot(List<RawEntry> files) throws Exception {
        assertLiteral(browsable(), files);
    }

    @ParameterizedTest
    @MethodSource("elsewhere")
    void whatAnotherPlatformWouldTakeForAPathIsANameInAPackedSnapshot(List<RawEntry> files) throws Exception {
        assertLiteral(packed(), files);
    }

    private void assertRefused(Target target, Attack attack) throws Exception {
        HostilePlace place = new HostilePlace(home, target);
        place.makeHonest();
        Map<String, String> before = place.world();
        target.forge(FORGED.value(), 7, attack.forgery());
        try (SnapshotManager backups = place.open()) {
            BackupException refused = assertThrows(
                    BackupException.class,
                    () -> backups.restore(backups.plan(RestoreRequest.of(FORGED))),
                    "it was restored: " + place.world());
            assertFalse(
                    refused instanceof RestoreFailedException,
                    () -> "found after it had begun, or untyped: " + refused);
            assertTrue(
                    refused.getMessage().contains(FORGED.value())
                            || refused.getMessage().contains("files")
                            || refused.getMessage().contains("memory")
                            || refused.getMessage().contains(place.root().toString()),
                    () -> "does not name the place: " + refused.getMessage());
        }
        assertFalse(place.released, "the host was asked to let go");
        assertEquals(before, place.world());
        assertTrue(Cairn.recoverPending(place.state(), place.files()).nothingPending());
        assertHonestOneIsAsGoodAsBefore(place);
        assertEquals("sings", Files.readString(home.resolve("canary")));
    }

    private void assertHonestOneIsAsGoodAsBefore(HostilePlace place) throws Exception {
        try (SnapshotManager backups = place.open()) {
            backups.list();
            backups.restore(backups.plan(RestoreRequest.of(HONEST)));
            assertEquals("honest", Files.readString(place.root().resolve("folder/file")));
            assertEquals("honest", place.memory.text());
            SnapshotId next = backups.create().id();
            assertTrue(backups.verify(next).passed());
        }
    }

    private void assertLiteral(Target target, List<RawEntry> files) throws Exception {
        assumeTrue(File.separatorChar == '/', "elsewhere they are refused");
        HostilePlace place = new HostilePlace(home, target);
        place.makeHonest();
        Map<String, String> outside = outside(place);
        target.forge(
                FORGED.value(),
                7,
                new Attack("names", forgery -> forgery.tree(files.toArray(RawEntry[]::new))).forgery());
        try (SnapshotManager backups = place.open()) {
            backups.restore(backups.plan(RestoreRequest.of(FORGED)));
        }
        List<String> names = new ArrayList<>();
        try (Stream<Path> children = Files.list(place.root())) {
            children.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith(".cairn-trash-"))
                    .forEach(names::add);
        }
        assertEquals(
                files.stream().map(RawEntry::path).sorted().toList(),
                names.stream().sorted().toList());
        for (RawEntry file : files) {
            assertEquals("named " + file.path(), Files.readString(place.root().resolve(file.path())));
        }
        assertEquals(outside, outside(place));
    }

    private static Map<String, String> outside(HostilePlace place) throws Exception {
        Map<String, String> world = place.world();
        world.keySet().removeIf(name -> name.startsWith("data/") || name.equals("memory"));
        return world;
    }
}
