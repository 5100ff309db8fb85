package dev.cairn.backup.core.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.spi.BlobName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackIdTest {

    private static final String HEX = "ab019f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f";

    @Test
    void aPackLiesInAFolderOfTheFirstTwoDigits() {
        assertEquals("packs/ab/" + HEX, new PackId(HEX).blob().value());
        assertEquals(new PackId(HEX), PackId.of(BlobName.of("packs/ab/" + HEX)));
    }

    @Test
    void packsAreOrderedByTheirDigits() {
        assertTrue(new PackId("0".repeat(64)).compareTo(new PackId("0".repeat(63) + "a")) < 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "packs/ac/" + HEX,
                "packs/" + HEX,
                "index/ab/" + HEX,
                "old/packs/ab/" + HEX,
                "packs/ab/x/" + HEX,
                "packs/ab/" + HEX + "0",
                "packs/AB/AB019f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f",
                "packs/ab/ab"
            })
    void otherNamesAreNoPacks(String name) {
        assertNull(PackId.parse(BlobName.of(name)));
        assertThrows(InvalidValueException.class, () -> PackId.of(BlobName.of(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "AB019f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f"})
    void otherDigitsAreRefused(String hex) {
        assertThrows(InvalidValueException.class, () -> new PackId(hex));
    }
}
