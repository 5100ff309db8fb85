package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteVersionTest {

    @ParameterizedTest
    @CsvSource({
        "3.6.23.1, false",
        "3.7.0, true",
        "3.7, true",
        "3.8.11.1, true",
        "3.40.1, true",
        "3.44.5, true",
        "3.44.6, false",
        "3.44.9, false",
        "3.45.0, true",
        "3.45.6, true",
        "3.50.6, true",
        "3.50.7, false",
        "3.50.12, false",
        "3.51.0, true",
        "3.51.2, true",
        "3.51.3, false",
        "3.51.10, false",
        "3.52.0, false",
        "3.54.1, false",
        "4.0.0, false",
        "2.8.17, false",
        "4.44.5, false"
    })
    void theVersionsWithTheWalResetBugAreKnown(String version, boolean affected) {
        assertEquals(affected, SqliteVersion.parse(version).orElseThrow().hasWalResetBug());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "three", "3.", "v3.50.7", "3.x.1", "-3.50.7", "9999999.1.1"})
    void whatIsNoVersionIsNone(String text) {
        assertEquals(Optional.empty(), SqliteVersion.parse(text));
    }

    @Test
    void theDriversOwnVersionIsMended() throws Exception {
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite::memory:")) {
            String version = dev.cairn.backup.sqlite.TestDatabase.one(connection, "SELECT sqlite_version()");
            assertFalse(SqliteVersion.parse(version).orElseThrow().hasWalResetBug(), version);
        }
    }
}
