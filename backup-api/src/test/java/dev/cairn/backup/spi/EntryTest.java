package dev.cairn.backup.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntryTest {

    private static final EntryPath PATH = EntryPath.of("a");

    @ParameterizedTest
    @EnumSource(EntryType.class)
    void exactlyLinksHaveATarget(EntryType type) {
        boolean link = type == EntryType.SYMLINK || type == EntryType.HARD_LINK;
        Optional<String> wrong = link ? Optional.empty() : Optional.of("b");
        IllegalArgumentException thrown = assertThrows(
                IllegalArgumentException.class,
                () -> new Entry(PATH, type, 0, EntryAttributes.NONE, wrong, EntryContent.EMPTY));
        assertTrue(thrown.getMessage().contains("a"), thrown.getMessage());
    }

    @ParameterizedTest
    @EnumSource(
            value = EntryType.class,
            names = {"DIRECTORY", "SYMLINK", "HARD_LINK"})
    void onlyFilesHaveASize(EntryType type) {
        Optional<String> target = type == EntryType.DIRECTORY ? Optional.empty() : Optional.of("b");
        assertThrows(
                IllegalArgumentException.class,
                () -> new Entry(PATH, type, 1, EntryAttributes.NONE, target, EntryContent.EMPTY));
    }

    @Test
    void aSizeIsNotNegative() {
        assertThrows(
                IllegalArgumentException.class, () -> Entry.file(PATH, -1, EntryAttributes.NONE, EntryContent.EMPTY));
    }

    @ParameterizedTest
    @ValueSource(ints = {01000, 04755, -1})
    void aModeHasPermissionBitsOnly(int mode) {
        assertThrows(IllegalArgumentException.class, () -> EntryAttributes.of(null, mode));
    }

    @Test
    void aCursorOverAListHandsOutEachOnceThenNull() {
        Entry first = Entry.directory(EntryPath.ROOT, EntryAttributes.NONE);
        Entry second = Entry.symlink(PATH, EntryAttributes.NONE, "../x");
        try (EntryCursor cursor = EntryCursor.of(java.util.List.of(first, second))) {
            assertEquals(first, cursor.next());
            assertEquals(second, cursor.next());
            assertNull(cursor.next());
            assertNull(cursor.next());
        }
    }

    @Test
    void contentOpensAtItsBeginningEachTime() throws Exception {
        BlobContent content = BlobContent.of("h\u00e4");
        for (int i = 0; i < 2; i++) {
            try (InputStream in = content.open()) {
                assertArrayEquals(new byte[] {'h', (byte) 0xc3, (byte) 0xa4}, in.readAllBytes());
            }
        }
    }
}
