package dev.cairn.backup.core.packed.fence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.VerificationDepth;
import dev.cairn.backup.core.e2e.ChildJvm;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.StoredSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes over one folder, one writing and deleting, the other sweeping and fencing, both killed again and again. Campaign: {@code -Dcairn.campaign=kill-fence}. */
class KilledProcessesTest {

    private static final long SEED = 20261121;
    private static final boolean CAMPAIGN =
            List.of(System.getProperty("cairn.campaign", "").split(",", -1)).contains("kill-fence");

    @TempDir
    Path temp;

    private final Random random = new Random(SEED);
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> given = new HashSet<>();

    @Test
    void whatWasAcknowledgedSurvivesTheDeathOfWritersAndSweeps() throws Exception {
        int rounds = CAMPAIGN ? 200 : 5;
        System.out.println(2 * rounds + " kills, seed " + SEED);
        Path folder = temp.resolve("repository");
        for (int round = 0; round < rounds; round++) {
            try (ChildJvm writer = process(folder, "write", random.nextLong());
                    ChildJvm sweeper = process(folder, "sweep", random.nextLong())) {
                writer.awaitLines(5 + random.nextInt(20));
                sweeper.awaitLines(2 + random.nextInt(10));
                if (random.nextBoolean()) {
                    writer.kill();
                    sweeper.kill();
                } else {
                    sweeper.kill();
                    writer.awaitLines(writer.said().size() + 5);
                    writer.kill();
                }
                judge(writer);
                judge(sweeper);
            }
            assertWhole(folder);
        }
        assertSettles(folder);
    }

    private ChildJvm process(Path folder, String role, long seed) throws IOException {
        return new ChildJvm(temp, 120, FencedHost.class, folder.toString(), role, Long.toString(seed));
    }

    private void judge(ChildJvm process) {
        for (String line : process.said()) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("ACK")) {
                acknowledged.add(words[1]);
            } else if (words[0].equals("DELETING")) {
                given.add(words[1]);
            }
            assertTrue(!words[0].equals("FAILED"), () -> "a process said " + process.said());
        }
    }

    private RepositoryReport assertWhole(Path folder) {
        try (PackedRepository repository = Packed.at(FileBlobStore.at(folder))) {
            Set<String> listed = World.assertListedIsWhole(repository);
            Set<String> wanted = new HashSet<>(acknowledged);
            wanted.removeAll(given);
            assertTrue(listed.containsAll(wanted), () -> "kept " + wanted + ", listed " + listed);
            RepositoryReport report =
                    repository.maintenance().orElseThrow().check(RepositoryCheck.of(VerificationDepth.CONTENT));
            assertEquals(Map.of(), report.lost());
            return report;
        }
    }

    private void assertSettles(Path folder) {
        FileBlobStore blobs = FileBlobStore.at(folder);
        try (PackedRepository repository = Packed.at(blobs)) {
            for (StoredSnapshot stored : repository.list()) {
                if (stored instanceof StoredSnapshot.Invalid) {
                    repository.delete(stored.id());
                }
            }
            // As if a day had passed: these are believed dead by then.
            blobs.list("readers").forEach(reader -> blobs.delete(reader.name()));
            blobs.list("sessions").forEach(session -> blobs.delete(session.name()));
            for (int i = 0; i < 3; i++) {
                World.sweep(repository, 0);
            }
        }
        assertEquals(List.of(), assertWhole(folder).problems());
        assertEquals(Set.of(), blobs.children("condemned"));
        assertEquals(new Waste(Set.of(), Set.of(), 0, Set.of()), Waste.in(blobs));
    }
}
