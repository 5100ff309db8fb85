package dev.cairn.backup.core.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.state.JsonCodec;
import dev.cairn.backup.core.state.StateDataset;
import dev.cairn.backup.fs.FileBlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores rehearsed on what bad days leave: another machine, targets that are gone, changed or in use. */
class RehearsedRestoreTest {

    @TempDir
    Path temp;

    @Test
    void onAFreshMachineTheRepositoryAndTheRecoveryCodeAreEnough() throws IOException {
        MixedHost host = new MixedHost(temp.resolve("old machine"));
        host.say("precious");
        Map<String, String> before = host.told();
        FileBlobStore store = FileBlobStore.at(temp.resolve("repository"));
        PackedRepository repository =
                PackedRepository.at(store, dev.cairn.backup.fs.KeyFile.at(temp.resolve("old machine/key")));
        SnapshotId taken;
        String printed;
        try (SnapshotManager backups = host.configure().repository(repository).open()) {
            taken = backups.create().id();
            RecoveryCode code = repository.keys().newRecoveryCode();
            repository.keys().confirmRecovery(code, "anna");
            printed = code.printed();
        }

        MixedHost fresh = new MixedHost(temp.resolve("new machine"));
        assertThrows(
                KeyException.class, () -> open(fresh, RecoveryCode.random()).listAll());
        try (SnapshotManager backups = open(fresh, RecoveryCode.parse(printed))) {
            RestorePlan plan = backups.plan(RestoreRequest.of(taken).asBootstrap());
            assertTrue(plan.permitsRestore(), plan::toString);
            assertEquals(1, plan.datasets().get(2).create(), "the database is made anew");
            backups.restore(plan);
        }
        assertEquals(before, fresh.told());
    }

    private static SnapshotManager open(MixedHost host, RecoveryCode code) {
        return Cairn.builder()
                .repository(PackedRepository.at(
                        FileBlobStore.at(host.tree().getParent().resolveSibling("repository")), code.asKey()))
                .state(host.state())
                .dataset(host.files())
                .dataset(host.sqlite())
                .dataset(StateDataset.of(
                        "memory",
                        JsonCodec.of(new ObjectMapper(), MixedHost.Memory.class),
                        () -> host.memory,
                        value -> host.memory = value))
                .clock(host.clock)
                .callerThreadsOnly()
                .maxAge(Duration.ofDays(30))
                .open();
    }

    @Test
    void aTargetThatIsGoneIsMadeAnew() throws IOException {
        MixedHost host = new MixedHost(temp);
        host.say("first");
        Map<String, String> before = host.told();
        try (SnapshotManager backups = host.configure().open()) {
            SnapshotId first = backups.create().id();
            Files.move(host.tree(), temp.resolve("gone"));
            Files.move(host.database(), temp.resolve("gone.db"));
            RestorePlan plan = backups.plan(RestoreRequest.of(first));
            assertTrue(plan.datasets().get(1).create() > 3, plan::toString);
            backups.restore(plan);
            assertEquals(before, host.told());
        }
    }

    @Test
    void aTargetInUseIsToldWithItsDatasetAndNothingIsReplaced() throws IOException, SQLException {
        MixedHost host = new MixedHost(temp);
        host.say("first");
        try (SnapshotManager backups = host.configure().open()) {
            SnapshotId first = backups.create().id();
            host.say("second");
            Map<String, String> before = host.told();
            RestorePlan plan = backups.plan(RestoreRequest.of(first));
            try (Connection busy = DriverManager.getConnection("jdbc:sqlite:" + host.database());
                    Statement statement = busy.createStatement()) {
                statement.execute("begin immediate");
                DatasetInUseException thrown = assertThrows(DatasetInUseException.class, () -> backups.restore(plan));
                assertTrue(thrown.getMessage().contains("db"), thrown.getMessage());
            }
            assertEquals(before, host.told());
            backups.restore(backups.plan(RestoreRequest.of(first)));
            assertEquals("first", host.told().get("row"));
        }
    }
}
