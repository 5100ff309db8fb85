package dev.cairn.backup.examples.sonia;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.sonia.memory.Memory;
import dev.cairn.backup.examples.sonia.memory.MemoryBackups;
import dev.cairn.backup.examples.sonia.memory.MemoryDatabase;
import dev.cairn.backup.examples.sonia.memory.MemoryService;
import dev.cairn.backup.examples.trap.Trap;
import dev.cairn.backup.fs.KeyFile;
import dev.cairn.backup.sqlite.SqliteDataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mistakes that implementations of this runbook are known to make: each check fails on the runbook's own script and passes on what the service does. */
class SoniaTrapsTest {

    @TempDir
    Path temp;

    private SoniaPlace place;
    private MemoryBackups backups;

    @BeforeEach
    void place() {
        place = SoniaPlace.at(temp.resolve("sonia"));
        backups = new MemoryBackups(place, InstantSource.system());
    }

    /** The database by itself, without continuous protection, whose checkpoints would hide what the traps are about. */
    private SnapshotManager manager() {
        return Cairn.builder()
                .repository(place.repository())
                .state(place.state(MemoryBackups.SERVICE))
                .scratch(place.scratch(MemoryBackups.SERVICE))
                .dataset(backups.database())
                .open();
    }

    /** A process that has a database open and is written to, and leaves its log when it is killed. */
    private RunningService serving() throws IOException {
        return RunningService.start(
                MemoryService.class,
                place.root(),
                "--serve-only",
                place.database().toString());
    }

    private void make() {
        MemoryDatabase memory = new MemoryDatabase(place.database());
        memory.open();
        memory.close();
    }

    private static List<String> contents(Path database, String words) throws Exception {
        MemoryDatabase memory = new MemoryDatabase(database);
        memory.openExisting();
        try {
            return memory.search(words, 10).stream().map(Memory::content).toList();
        } finally {
            memory.close();
        }
    }

    /** Takes a backup and gives it back as a database. */
    private interface Taking {
        Path taken() throws Exception;
    }

    @Test
    void sonia03_copyingOnlyTheMainFileMissesWhatIsInTheLog() throws Exception {
        make();
        try (RunningService service = serving()) {
            Trap.Check<Taking> check = taking -> {
                service.post("/v1/memory/add", "{\"content\":\"only in the log\"}");
                assertFalse(
                        contents(taking.taken(), "only in the log").isEmpty(),
                        "the newest memory is not in the backup");
            };
            Trap.catches(
                    check,
                    () -> RunbookScript.copyOfTheMainFile(place.database(), temp.resolve("script")),
                    this::restoredElsewhere);
        }
    }

    private Path restoredElsewhere() {
        try (SnapshotManager manager = manager()) {
            SnapshotId id = manager.create().id();
            Path elsewhere = temp.resolve("elsewhere").resolve("memory.db");
            Cairn.prepareRestore(
                    Cairn.builder()
                            .repository(place.repository())
                            .state(SoniaPlace.at(temp.resolve("elsewhere")).state(MemoryBackups.SERVICE))
                            .dataset(SqliteDataset.of(MemoryBackups.DATABASE, elsewhere)),
                    RestoreRequest.of(id).asBootstrap());
            return elsewhere;
        }
    }

    /** Puts the backup in the place of the database, which a killed process has left with its log. */
    private interface Restoring {
        void restore() throws Exception;
    }

    @Test
    void sonia03_aRestoreLeavesNoStaleLogThatWouldBeReplayedIntoIt() throws Exception {
        make();
        SnapshotId id;
        try (SnapshotManager manager = manager()) {
            id = manager.create().id();
        }
        Path file = RunbookScript.copyOfTheMainFile(place.database(), temp.resolve("script"));
        try (RunningService service = serving()) {
            service.post("/v1/memory/add", "{\"content\":\"written after the backup\"}");
            service.kill();
        }
        Path log = place.database().resolveSibling("memory.db-wal");
        assertTrue(Files.size(log) > 0, "the killed process left no log");
        Map<Path, byte[]> left = new HashMap<>();
        for (Path each : filesBelow(place.database().getParent())) {
            left.put(each, Files.readAllBytes(each));
        }
        Trap.Check<Restoring> check = restoring -> {
            for (Map.Entry<Path, byte[]> each : left.entrySet()) {
                Files.write(each.getKey(), each.getValue());
            }
            restoring.restore();
            assertFalse(Files.exists(log), "the log of the old database lies beside the restored one");
            assertFalse(Files.exists(place.database().resolveSibling("memory.db-shm")));
            assertEquals(List.of(), contents(place.database(), "written after the backup"));
        };
        Trap.catches(
                check,
                () -> RunbookScript.copyOver(file, place.database()),
                () -> Cairn.prepareRestore(
                        Cairn.builder()
                                .repository(place.repository())
                                .state(place.state(MemoryBackups.SERVICE))
                                .dataset(backups.database()),
                        RestoreRequest.of(id)));
    }

    @Test
    void sonia03_theDamagedDatabaseIsKeptUnderADatedName() throws Exception {
        make();
        SnapshotId id;
        try (SnapshotManager manager = manager()) {
            id = manager.create().id();
        }
        byte[] damaged = Files.readAllBytes(place.database());
        Arrays.fill(damaged, 4096, damaged.length, (byte) 'x');
        Files.write(place.database(), damaged);
        Cairn.prepareRestore(
                Cairn.builder()
                        .repository(place.repository())
                        .state(place.state(MemoryBackups.SERVICE))
                        .dataset(backups.database()),
                RestoreRequest.of(id));
        List<Path> kept = filesBelow(place.database().getParent()).stream()
                .filter(file -> file.getFileName().toString().matches("memory-corrupt-\\d{8}-\\d{6}\\.db"))
                .toList();
        assertEquals(1, kept.size());
        assertArrayEquals(damaged, Files.readAllBytes(kept.get(0)));
        assertEquals(1, contents(place.database(), "canary").size());
    }

    /** A week and more of daily backups after a manual one: what is left of both. */
    private interface Keeping {
        List<String> left() throws Exception;
    }

    @Test
    void sonia04_aRuleForDailyBackupsLeavesManualOnesAlone() throws Exception {
        Trap.Check<Keeping> check = keeping -> {
            List<String> left = keeping.left();
            assertTrue(
                    left.stream().anyMatch(name -> name.startsWith("memory-manual-")),
                    () -> "only " + left + " are left");
            assertEquals(
                    7,
                    left.stream()
                            .filter(name -> !name.startsWith("memory-manual-"))
                            .count());
        };
        Trap.catches(check, this::keptByScript, this::keptByService);
    }

    private List<String> keptByScript() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("script"));
        LocalDate day = LocalDate.of(2026, 2, 1);
        written(folder.resolve("memory-manual-20260201-120000.db"), day);
        for (int i = 1; i <= 10; i++) {
            written(folder.resolve("memory-202602" + String.format("%02d", 1 + i) + "-020000.db"), day.plusDays(i));
            RunbookScript.keepSeven(folder);
        }
        try (Stream<Path> left = Files.list(folder)) {
            return left.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void written(Path file, LocalDate day) throws IOException {
        Files.writeString(file, "a database");
        Files.setLastModifiedTime(file, FileTime.from(day.atStartOfDay().toInstant(ZoneOffset.UTC)));
    }

    private List<String> keptByService() throws Exception {
        try (CalendarHost host = CalendarHost.start(place, Instant.parse("2026-02-01T12:00:00Z"))) {
            host.manual();
            for (int i = 0; i < 10; i++) {
                host.nextNight();
            }
            List<String> left = new ArrayList<>();
            for (SnapshotMetadata snapshot : host.manager().list()) {
                if (snapshot.label().isPresent() || snapshot.schedule().equals(Optional.of(MemoryBackups.DAILY))) {
                    left.add(snapshot.id().value());
                }
            }
            return left;
        }
    }

    /** Takes a backup with a key that cannot be used, into the folder. */
    private interface Encrypting {
        void backUp(Path folder) throws Exception;
    }

    @Test
    void sonia07_aKeyThatCannotBeUsedFailsTheBackupAndLeavesNoPlaintext() throws Exception {
        make();
        Path key = temp.resolve("broken.key");
        Files.writeString(key, "this is no key");
        Trap.Check<Encrypting> check = encrypting -> {
            Path folder = temp.resolve("target-" + System.nanoTime());
            encrypting.backUp(folder);
            for (Path file : filesBelow(folder)) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(bytes.contains("canary sings"), () -> file + " can be read by anybody");
            }
        };
        Trap.catches(
                check,
                folder -> RunbookScript.encryptIfPossible(place.database(), key, folder.resolve("memory.db.enc")),
                folder -> assertNoBackupWith(key, folder));
    }

    private void assertNoBackupWith(Path key, Path folder) {
        SoniaPlace there = new SoniaPlace(place.root(), folder, place.share());
        try (SnapshotManager manager = Cairn.builder()
                .repository(PackedRepository.at(there.repositoryStore(), KeyFile.at(key)))
                .state(there.state("broken"))
                .scratch(there.scratch("broken"))
                .dataset(backups.database())
                .open()) {
            SnapshotMetadata made = manager.create();
            throw new IllegalStateException("a backup was made without a key: " + made.id());
        } catch (BackupException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("key"), e::getMessage);
        }
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
