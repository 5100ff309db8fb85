package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.KeyException.Reason;
import dev.cairn.backup.testkit.MemoryFolder;
import dev.cairn.backup.testkit.crash.CrashFileSystem;
import dev.cairn.backup.testkit.crash.CrashSampling;
import dev.cairn.backup.testkit.crash.RecipeMistake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {

    private static final String DIGITS = "00112233445566778899aabbccddeeff".repeat(2);

    @TempDir
    private Path temp;

    private KeyFile withText(String text) throws IOException {
        Path file = temp.resolve("given.key");
        Files.deleteIfExists(file);
        Files.createFile(file);
        if (posix()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
        return KeyFile.at(file);
    }

    private boolean posix() {
        return temp.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static KeyException refused(KeyFile key) {
        KeyException e = assertThrows(KeyException.class, key::find);
        assertEquals(
                e.reason(), assertThrows(KeyException.class, key::findOrCreate).reason());
        return e;
    }

    @Test
    void aMissingFileHoldsNothingAndIsNotMadeByLooking() {
        KeyFile key = KeyFile.at(temp.resolve("deep/backup.key"));
        assertEquals(Optional.empty(), key.find());
        assertFalse(Files.exists(temp.resolve("deep")));
    }

    @Test
    void aFileThatIsMadeHoldsOneLineAndIsFoundAgain() throws IOException {
        KeyFile key = KeyFile.at(temp.resolve("deep/er/backup.key"));
        byte[] secret = key.findOrCreate();
        assertEquals(32, secret.length);
        assertArrayEquals(secret, key.findOrCreate());
        assertArrayEquals(secret, KeyFile.at(key.file()).find().orElseThrow());
        assertEquals(HexFormat.of().formatHex(secret) + "\n", Files.readString(key.file()));
        try (var files = Files.list(temp.resolve("deep/er"))) {
            assertEquals(List.of(key.file()), files.toList(), "no temporary file is left");
        }
    }

    @Test
    void twoFilesHoldDifferentSecrets() {
        assertFalse(java.util.Arrays.equals(
                KeyFile.at(temp.resolve("a.key")).findOrCreate(),
                KeyFile.at(temp.resolve("b.key")).findOrCreate()));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theFileAndItsFolderAreTheOwnersOnly() throws IOException {
        KeyFile key = KeyFile.at(temp.resolve("home/backup.key"));
        key.findOrCreate();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key.file())));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("home"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "r--r--r--"})
    @DisabledOnOs(OS.WINDOWS)
    void aFileThatOthersMayUseIsRefusedWithTheCommandToRun(String rights) throws IOException {
        KeyFile key = withText(DIGITS);
        Files.setPosixFilePermissions(key.file(), PosixFilePermissions.fromString(rights));
        KeyException e = refused(key);
        assertEquals(Reason.MALFORMED, e.reason());
        assertTrue(e.nextStep().contains("chmod 600 '" + key.file() + "'"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void whatAnEditorPutsBehindTheLineDoesNotMatter(String end) throws IOException {
        assertArrayEquals(
                HexFormat.of().parseHex(DIGITS), withText(DIGITS + end).find().orElseThrow());
        assertEquals(
                32,
                withText(DIGITS.toUpperCase(java.util.Locale.ROOT) + end).find().orElseThrow().length);
    }

    @Test
    void anythingElseIsMalformedAndNotRepeated() throws IOException {
        for (String text : List.of(
                "",
                "\n",
                DIGITS.substring(1),
                DIGITS + "0",
                DIGITS.replace('a', 'g'),
                DIGITS + "\n\n",
                DIGITS + "\n" + DIGITS,
                " " + DIGITS,
                "\u00b2" + DIGITS.substring(1),
                DIGITS.repeat(50_000))) {
            KeyException e = refused(withText(text));
            assertEquals(Reason.MALFORMED, e.reason());
            for (Throwable shown = e; shown != null; shown = shown.getCause()) {
                assertFalse(shown.toString().contains(DIGITS.substring(3, 9)), shown.toString());
            }
        }
    }

    @Test
    void aFolderIsNoKey() throws IOException {
        Files.createDirectory(temp.resolve("folder"));
        assertEquals(
                Reason.MALFORMED, refused(KeyFile.at(temp.resolve("folder"))).reason());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkIsFollowedAndWhatItLeadsToMustBeTheOwnersOnly() throws IOException {
        KeyFile target = withText(DIGITS);
        KeyFile link = KeyFile.at(Files.createSymbolicLink(temp.resolve("link"), target.file()));
        assertEquals(32, link.find().orElseThrow().length);
        assertEquals(target.location(), link.location());
        Files.setPosixFilePermissions(target.file(), PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(Reason.MALFORMED, refused(link).reason());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void throughALinkThatLeadsNowhereNoKeyIsMade() throws IOException {
        Path nowhere = temp.resolve("not-mounted-yet");
        KeyFile link = KeyFile.at(Files.createSymbolicLink(temp.resolve("link"), nowhere));
        assertEquals(Reason.UNAVAILABLE, refused(link).reason());
        assertFalse(Files.exists(nowhere, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void itTellsWhereItLiesBeforeItIsMade() {
        KeyFile key = FileHome.at(temp).keys();
        assertEquals(temp.resolve("backup.key"), key.file());
        assertTrue(FileHome.at(temp).repository().location().isPresent());
        assertTrue(key.location().orElseThrow().place().getPath().endsWith("/backup.key"));
        assertFalse(FileHome.at(temp)
                .repository()
                .location()
                .orElseThrow()
                .contains(key.location().orElseThrow()));
    }

    @Test
    void manyThatMakeItAtOnceAgreeOnOneSecret() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                Path file = temp.resolve("round-" + round + "/backup.key");
                List<Callable<byte[]>> work = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    work.add(() -> KeyFile.at(file).findOrCreate());
                }
                byte[] first = null;
                for (Future<byte[]> done : pool.invokeAll(work)) {
                    first = first == null ? done.get() : first;
                    assertArrayEquals(first, done.get());
                }
                assertArrayEquals(first, KeyFile.at(file).find().orElseThrow());
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aSecretThatWasHandedOutSurvivesEveryPowerCutAndNoHalfFileIsEverSeen() throws Exception {
        try (MemoryFolder memory = MemoryFolder.create()) {
            int states = cutPower(memory.path(), disk -> disk);
            assertTrue(states > 5, states + " states");
        }
    }

    /** The recipe with one mistake each: the test above must notice every one. */
    @ParameterizedTest
    @EnumSource(RecipeMistake.class)
    void aMistakeInForcingIsNoticed(RecipeMistake mistake) throws Exception {
        try (MemoryFolder memory = MemoryFolder.create()) {
            assertThrows(AssertionError.class, () -> cutPower(memory.path(), disk -> disk.asIf(mistake)));
        }
    }

    private static int cutPower(Path room, UnaryOperator<CrashFileSystem> mistake) throws Exception {
        CrashFileSystem disk = CrashFileSystem.over(room.resolve("real"));
        byte[] made = KeyFile.at(disk.root().resolve("deep/er/backup.key")).findOrCreate();
        disk.mark("made");
        return mistake.apply(disk).forEachState(room.resolve("states"), CrashSampling.exhaustiveUpTo(6), state -> {
            Path file = state.directory().resolve("deep/er/backup.key");
            assertTrue(Files.exists(file) || !state.marked("made"), "the key is gone");
            if (Files.exists(file)) {
                assertEquals(HexFormat.of().formatHex(made) + "\n", Files.readString(file));
            }
        });
    }

    @Test
    void aCreationThatFailsAtAnyOperationLeavesTheFileAbsentOrWhole() throws Exception {
        for (int operation = 1; ; operation++) {
            CrashFileSystem disk = CrashFileSystem.over(temp.resolve("fail-" + operation));
            Path file = disk.root().resolve("home/backup.key");
            disk.failAt(operation);
            boolean failed = false;
            try {
                KeyFile.at(file).findOrCreate();
            } catch (KeyException e) {
                failed = true;
                assertEquals(Reason.UNAVAILABLE, e.reason());
            }
            Optional<byte[]> left = KeyFile.at(file).find();
            left.ifPresent(secret -> assertEquals(32, secret.length));
            assertTrue(failed || left.isPresent());
            if (!failed) {
                assertTrue(operation > 4, operation + " operations");
                return;
            }
        }
    }
}
