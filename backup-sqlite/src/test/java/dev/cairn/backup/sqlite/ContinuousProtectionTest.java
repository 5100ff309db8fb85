package dev.cairn.backup.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.ContinuousSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContinuousProtectionTest {

    @TempDir
    Path folder;

    @Test
    void whatIsSetIsWhatTheEngineIsTold() {
        ContinuousProtection settings = ContinuousProtection.defaults()
                .pollEvery(Duration.ofMillis(100))
                .walLimit(32 << 20)
                .spoolLimit(64 << 20)
                .history(Duration.ofHours(3));
        assertEquals(
                new ContinuousSource.Limits(64 << 20, Duration.ofHours(3), 32 << 20, Duration.ofMillis(100)),
                settings.limits());
        assertEquals(
                new ContinuousSource.Limits(1L << 30, Duration.ofDays(1), 512 << 20, Duration.ofMillis(250)),
                ContinuousProtection.defaults().limits());
    }

    @Test
    void whatIsOutOfBoundsIsRefused() {
        ContinuousProtection settings = ContinuousProtection.defaults();
        assertThrows(InvalidValueException.class, () -> settings.pollEvery(Duration.ofMillis(49)));
        assertThrows(InvalidValueException.class, () -> settings.pollEvery(Duration.ofMillis(1001)));
        assertThrows(InvalidValueException.class, () -> settings.walLimit((1 << 20) - 1));
        assertThrows(InvalidValueException.class, () -> settings.walLimit((1L << 40) + 1));
        assertThrows(InvalidValueException.class, () -> settings.spoolLimit(0));
        assertThrows(InvalidValueException.class, () -> settings.history(Duration.ofSeconds(59)));
        assertThrows(InvalidValueException.class, () -> settings.history(Duration.ofDays(3651)));
    }

    @Test
    void aDatasetHasOneSourceAndTouchesNothingBeforeItIsStarted() {
        SqliteDataset plain = SqliteDataset.of("memory", folder.resolve("memory.db"));
        assertTrue(plain.continuousSource().isEmpty());
        plain.wakeUp();
        SqliteDataset dataset =
                plain.continuous(ContinuousProtection.defaults()).optional();
        ContinuousSource source = dataset.continuousSource().orElseThrow();
        assertSame(source, dataset.continuousSource().orElseThrow());
        dataset.wakeUp();
        assertFalse(source.flush(Duration.ofSeconds(1)));
        assertFalse(source.state().running());
        source.pause();
        source.close();
        assertFalse(Files.exists(folder.resolve("memory.db")));
    }
}
