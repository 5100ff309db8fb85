package dev.cairn.backup.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", ".cairn/x", "a%2Fb", "a+b=c@d,e-f_g.h", "...a", "conx", "x/com10"})
    void acceptsComponentsOfTheAllowedCharacters(String value) {
        assertEquals(value, BlobName.of(value).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "a/..",
                "a/../b",
                "a.",
                "a./b",
                "a~",
                "a b",
                "a\\b",
                "C:\\a",
                "a:b",
                "\u00e4",
                "a\u0000",
                "con",
                "a/NUL",
                "a/nul.txt",
                "Com1.x/y",
                "a*",
                "a?",
                "a\"b",
                "a<b",
                "a|b"
            })
    void refusesEverythingElseAndNamesIt(String value) {
        InvalidValueException thrown = assertThrows(InvalidValueException.class, () -> BlobName.of(value));
        assertTrue(thrown.getMessage().contains("'" + value + "'"), thrown.getMessage());
    }

    @Test
    void lengthsAreBounded() {
        String longest = "a".repeat(255);
        assertTrue(BlobName.isValidComponent(longest));
        assertFalse(BlobName.isValidComponent(longest + "a"));
        String name = String.join("/", longest, longest, longest, longest);
        assertEquals(1023, BlobName.of(name).value().length());
        assertThrows(InvalidValueException.class, () -> BlobName.of(name + "/a"));
    }

    @Property
    void aNameIsValidExactlyWhenEachOfItsComponentsIs(
            @ForAll @StringLength(max = 10) @Chars({'a', '.', '/', '~', '%', '-', ' ', 'N'}) String value) {
        boolean expected = true;
        for (String component : value.split("/", -1)) {
            expected &= component.matches("[A-Za-z0-9._%+=@,-]{1,255}") && !component.endsWith(".");
        }
        boolean accepted = true;
        try {
            BlobName.of(value);
        } catch (InvalidValueException e) {
            accepted = false;
        }
        assertEquals(expected, accepted, value);
    }

    @Test
    void resolvesAndKnowsItsLastComponent() {
        assertEquals(BlobName.of("a/b/c"), BlobName.of("a").resolve("b/c"));
        assertEquals("c", BlobName.of("a/b/c").lastComponent());
        assertThrows(InvalidValueException.class, () -> BlobName.of("a").resolve(".."));
    }

    @Test
    void namesAreOrderedAsText() {
        assertTrue(BlobName.of("a-b").compareTo(BlobName.of("a/b")) < 0);
    }
}
