package dev.cairn.backup.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.cli.output.ErrorAnswer;
import dev.cairn.backup.core.Cairn;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    /** Every exception with its code; those with reasons are told apart below. */
    private static final Map<String, ExitCode> EXPECTED = new HashMap<>();

    static {
        put(
                ExitCode.USAGE,
                "InvalidValue",
                "Configuration",
                "InvalidConfiguration",
                "SnapshotNotFound",
                "RestorePointNotFound");
        put(
                ExitCode.REFUSED,
                "RestoreRefused",
                "RestorePending",
                "BackupBusy",
                "DatasetInUse",
                "OperationRefused",
                "SnapshotExists",
                "AuditInUse",
                "AuditUnavailable",
                "HostRuns");
        put(
                ExitCode.DAMAGE,
                "DamagedSnapshot",
                "DamagedRepository",
                "DamagedReceipt",
                "DamagedAudit",
                "DamagedArchive",
                "BlobNotFound");
        put(ExitCode.CANCELLED, "BackupCancelled");
        put(
                ExitCode.FAILED,
                "AheadOfFetched",
                "Barrier",
                "CursorRegression",
                "CutMissed",
                "LimitExceeded",
                "RestoreFailed",
                "Source",
                "SourceTransition",
                "StaleEpoch",
                "StaleRead",
                "StartupFailed",
                "TimelineLost",
                "UnknownStage",
                "UnsupportedFormat",
                "Key",
                "Store");
    }

    private static void put(ExitCode code, String... names) {
        List.of(names).forEach(name -> EXPECTED.put(name, code));
    }

    @Test
    void everyExceptionOfTheSdkHasTheCodeThatIsDocumented() throws Exception {
        Map<String, ExitCode> found = new TreeMap<>();
        for (Class<?> module : List.of(BackupException.class, Cairn.class, ExitCode.class)) {
            for (Class<? extends BackupException> type : exceptionsBeside(module)) {
                found.put(type.getSimpleName().replace("Exception", ""), ExitCode.of(type));
            }
        }
        assertTrue(found.size() > 30, "only " + found.keySet());
        assertEquals(
                new TreeMap<>(EXPECTED),
                found,
                "a new exception needs a decision: here, in ExitCode and in the documentation");
    }

    @Test
    void storesAndKeysAreToldApartByTheirReason() {
        for (StoreException.Reason reason : StoreException.Reason.values()) {
            ExitCode expected = reason == StoreException.Reason.FULL || reason == StoreException.Reason.UNREACHABLE
                    ? ExitCode.STORE
                    : ExitCode.FAILED;
            assertEquals(expected, ExitCode.of(new StoreException(reason, "x", "y", null)), reason::name);
        }
        Map<KeyException.Reason, ExitCode> keys = Map.of(
                KeyException.Reason.MISSING, ExitCode.USAGE,
                KeyException.Reason.WRONG, ExitCode.USAGE,
                KeyException.Reason.MALFORMED, ExitCode.USAGE,
                KeyException.Reason.SLOT_DAMAGED, ExitCode.DAMAGE,
                KeyException.Reason.UNAVAILABLE, ExitCode.STORE);
        for (KeyException.Reason reason : KeyException.Reason.values()) {
            assertEquals(keys.get(reason), ExitCode.of(new KeyException(reason, "x", "y", null)), reason::name);
        }
    }

    @Test
    void theNumbersNeverChange() {
        assertEquals(
                List.of(0, 1, 2, 3, 4, 5, 6, 130),
                Stream.of(ExitCode.values()).map(ExitCode::code).toList());
    }

    @Test
    void anErrorIsNamedAfterItsException() {
        assertEquals(
                "snapshot_not_found",
                ErrorAnswer.of(new SnapshotNotFoundException(SnapshotId.of("x")))
                        .error());
        assertEquals(
                "store_full",
                ErrorAnswer.of(new StoreException(StoreException.Reason.FULL, "x", "y", null))
                        .error());
        assertEquals(
                "key_wrong",
                ErrorAnswer.of(new KeyException(KeyException.Reason.WRONG, "x", "y", null))
                        .error());
        assertEquals(
                "internal_error",
                ErrorAnswer.unexpected(new IllegalStateException("x")).error());
        assertEquals(
                ExitCode.FAILED,
                ErrorAnswer.unexpected(new IllegalStateException("x")).exitCode());
    }

    /** In a folder of classes or in a jar. */
    private static List<Class<? extends BackupException>> exceptionsBeside(Class<?> known)
            throws IOException, URISyntaxException {
        URI place = known.getProtectionDomain().getCodeSource().getLocation().toURI();
        Path path = Path.of(place);
        if (Files.isDirectory(path)) {
            return exceptionsIn(path);
        }
        try (FileSystem jar = FileSystems.newFileSystem(path)) {
            return exceptionsIn(jar.getPath("/"));
        }
    }

    private static List<Class<? extends BackupException>> exceptionsIn(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.endsWith("Exception.class"))
                    .map(name -> type(name.replace('/', '.').replaceAll("\\.class$", "")))
                    .filter(BackupException.class::isAssignableFrom)
                    .filter(type -> !Modifier.isAbstract(type.getModifiers()))
                    .<Class<? extends BackupException>>map(type -> type.asSubclass(BackupException.class))
                    .toList();
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
