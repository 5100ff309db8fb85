package dev.cairn.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.EntryPath;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "7",
                "snap-1",
                "20260218_090000_before-x",
                "backup-2026-02-18T09-00-00-000Z",
                "a.b",
                "console"
            })
    void acceptsWhatIsSafeAsAFileName(String value) {
        assertEquals(value, SnapshotId.of(value).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..b",
                "../a",
                "a/b",
                "a\\b",
                "/a",
                "C:",
                "C:a",
                ".a",
                "-a",
                "_a",
                "a.",
                "a b",
                "a\u0000b",
                "\u00e4",
                "con",
                "CON",
                "nul.txt",
                "com1",
                "Lpt9.log",
                "a~1",
                "a\nb",
                "a:b"
            })
    void refusesEverythingElseAndNamesIt(String value) {
        InvalidValueException thrown = assertThrows(InvalidValueException.class, () -> SnapshotId.of(value));
        assertTrue(thrown.getMessage().contains("'" + value + "'"), thrown.getMessage());
        assertTrue(thrown.getMessage().endsWith(thrown.nextStep()), thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 128})
    void lengthsUpToTheBoundAreAllowed(int length) {
        assertEquals(length, SnapshotId.of("a".repeat(length)).value().length());
    }

    @ParameterizedTest
    @ValueSource(ints = {129, 10_000})
    void lengthsBeyondTheBoundAreRefused(int length) {
        assertThrows(InvalidValueException.class, () -> SnapshotId.of("a".repeat(length)));
    }

    @Property
    void anIdThatIsAcceptedIsOneComponentOfABlobNameAndOfAPath(
            @ForAll @StringLength(min = 1, max = 8) @Chars({'a', 'Z', '0', '.', '_', '-', '/', '\\', ':', ' ', '~'})
                    String value) {
        SnapshotId id;
        try {
            id = SnapshotId.of(value);
        } catch (InvalidValueException refused) {
            return;
        }
        assertTrue(BlobName.isValidComponent(id.value()));
        assertEquals(id.value(), BlobName.of(id.value()).lastComponent());
        assertTrue(EntryPath.of(id.value()).parent().isRoot());
    }

    @Property
    void anIdIsAcceptedExactlyWhenTheDocumentedPatternSaysSo(
            @ForAll @StringLength(max = 6) @Chars({'a', 'Z', '0', '.', '_', '-', '/', ' '}) String value) {
        boolean allowed =
                value.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}") && !value.contains("..") && !value.endsWith(".");
        boolean accepted = true;
        try {
            SnapshotId.of(value);
        } catch (InvalidValueException e) {
            accepted = false;
        }
        assertEquals(allowed, accepted, value);
    }
}
