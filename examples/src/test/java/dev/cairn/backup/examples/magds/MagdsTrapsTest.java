package dev.cairn.backup.examples.magds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.Actor;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.examples.trap.Trap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The mistakes that implementations of this runbook are known to make: each check fails on the naive command and passes on ours. */
class MagdsTrapsTest {

    private static final Instant NOON = Instant.parse("2025-10-19T12:30:00Z");

    @TempDir
    Path folder;

    /** Ours, by the class behind the commands. */
    private record Ours(MagdsPlace place, MagdsConfig config) implements BackupTool {

        private MagdsBackups open(Instant now) {
            return MagdsBackups.open(place, config, Actor.of("test"), () -> now);
        }

        @Override
        public Path backups() {
            return config.path();
        }

        @Override
        public String run(Instant now) {
            try (MagdsBackups backups = open(now)) {
                return backups.run(Optional.empty(), SnapshotRequest.of())
                        .manifest()
                        .id();
            }
        }

        @Override
        public boolean verify(String id) {
            try (MagdsBackups backups = open(Instant.now())) {
                return backups.verify(SnapshotId.of(id)).passed();
            }
        }

        @Override
        public boolean saysVerified(String id) {
            try (MagdsBackups backups = open(Instant.now())) {
                return backups.manifest(SnapshotId.of(id)).lastVerifiedAt() != null;
            }
        }
    }

    private List<Source> sources(boolean optional) throws IOException {
        Path first = folder.resolve("state/system.json");
        Path second = folder.resolve("worker/system.json");
        Kernel.write(first, "first");
        Kernel.write(second, "second");
        return List.of(
                new Source("first", first, Source.Type.FILE, optional),
                new Source("second", second, Source.Type.FILE, optional));
    }

    private void catches(Trap.Check<BackupTool> check, boolean optional) throws IOException {
        List<Source> sources = sources(optional);
        Path backups = folder.resolve("ours");
        Trap.catches(
                check,
                new NaiveMag(folder.resolve("naive"), sources),
                new Ours(new MagdsPlace(folder.resolve("app")), new MagdsConfig(true, backups, sources, "sha256", 5)));
    }

    @Test
    void magds01_trap_twoRunsInOneSecondGetDistinctIds() throws Exception {
        catches(
                tool -> {
                    String first = tool.run(NOON);
                    String second = tool.run(NOON.plusMillis(400));
                    assertNotEquals(first, second);
                    assertTrue(second.startsWith("20251019_123000"));
                },
                false);
    }

    @Test
    void magds05_trap_whatFailedItsVerificationDoesNotCountAsVerified() throws Exception {
        catches(
                tool -> {
                    String id = tool.run(NOON);
                    damage(tool.backups().resolve(id));
                    assertFalse(tool.verify(id));
                    assertFalse(tool.saysVerified(id), "last_verified_at is set on success only");
                },
                false);
    }

    private static void damage(Path backup) throws IOException {
        try (Stream<Path> files = Files.walk(backup)) {
            Path file =
                    files.filter(one -> one.endsWith("system.json")).findFirst().orElseThrow();
            Files.writeString(file, "damaged");
        }
    }

    @Test
    void magds05_trap_anEmptyBackupIsNotVerified() throws Exception {
        catches(
                tool -> {
                    removeSources();
                    String id = tool.run(NOON);
                    assertFalse(tool.verify(id), "there is nothing that could have been verified");
                    assertFalse(tool.saysVerified(id));
                },
                true);
    }

    @Test
    void magds05_trap_aMissingSourceFailsTheRun() throws Exception {
        catches(
                tool -> {
                    removeSources();
                    assertThrows(SourceException.class, () -> tool.run(NOON));
                    assertFalse(Files.exists(tool.backups().resolve("20251019_123000")));
                },
                false);
    }

    private void removeSources() throws IOException {
        Files.deleteIfExists(folder.resolve("state/system.json"));
        Files.deleteIfExists(folder.resolve("worker/system.json"));
    }

    @Test
    void magds08_trap_twoDatasetsWithOneBaseNameDoNotCollide() throws Exception {
        catches(
                tool -> {
                    String id = tool.run(NOON);
                    try (Stream<Path> files = Files.walk(tool.backups().resolve(id))) {
                        List<String> contents = files.filter(file -> file.endsWith("system.json"))
                                .map(MagdsTrapsTest::text)
                                .sorted()
                                .toList();
                        assertEquals(List.of("first", "second"), contents);
                    }
                },
                false);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
