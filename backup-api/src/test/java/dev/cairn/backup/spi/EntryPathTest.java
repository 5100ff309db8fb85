package dev.cairn.backup.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", "a\u0000b", "a/../../etc/passwd"})
    void refusesWhatCouldLeaveItsRootAndNamesIt(String value) {
        InvalidValueException thrown = assertThrows(InvalidValueException.class, () -> EntryPath.of(value));
        assertTrue(thrown.getMessage().contains(value), thrown.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b", "...", ".a", "a.", "a b", "\u00e4/\u65e5\u672c", "a\\b", "a:b", "con", " "})
    void acceptsWhatAnyFileSystemMayHold(String value) {
        assertEquals(value, EntryPath.of(value).toString());
    }

    @Test
    void lengthAndDepthAreBounded() {
        assertEquals(4096, EntryPath.of("a".repeat(4096)).value().length());
        assertThrows(InvalidValueException.class, () -> EntryPath.of("a".repeat(4097)));
        String deep = "a/".repeat(511) + "a";
        assertEquals(deep, EntryPath.of(deep).value());
        assertThrows(InvalidValueException.class, () -> EntryPath.of(deep + "/a"));
    }

    @Test
    void knowsItsParentNameAndChildren() {
        EntryPath path = EntryPath.of("a/b/c");
        assertEquals(EntryPath.of("a/b"), path.parent());
        assertEquals("c", path.name());
        assertEquals(EntryPath.ROOT, EntryPath.of("a").parent());
        assertEquals(EntryPath.ROOT, EntryPath.ROOT.parent());
        assertEquals("", EntryPath.ROOT.name());
        assertEquals(EntryPath.of("x"), EntryPath.ROOT.resolve("x"));
        assertEquals(EntryPath.of("a/b/c/d/e"), path.resolve("d/e"));
        assertThrows(InvalidValueException.class, () -> path.resolve("../x"));
        assertTrue(EntryPath.ROOT.isRoot());
    }

    @Test
    void aFoldersContentFollowsItBeforeSiblingsWithSmallerCharacters() {
        List<EntryPath> sorted = List.of("a-b", "a/b", "a", "a!", "").stream()
                .map(EntryPath::of)
                .sorted()
                .toList();
        assertEquals(
                List.of("", "a", "a/b", "a!", "a-b"),
                sorted.stream().map(EntryPath::value).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "a/\uDE00b", "\uDE00\uD83D", "\uD83D\uD83D\uDE00", "\uD83D/\uDE00"})
    void refusesHalfOfASurrogatePairWhichNoEncodingCarries(String value) {
        assertThrows(InvalidValueException.class, () -> EntryPath.of(value));
        assertEquals("\uD83D\uDE00", EntryPath.of("\uD83D\uDE00").value());
    }

    @Test
    void startsWithWholeComponentsOnly() {
        EntryPath top = EntryPath.of("a/b");
        assertTrue(top.startsWith(top));
        assertTrue(top.startsWith(EntryPath.ROOT));
        assertTrue(EntryPath.of("a/b/c").startsWith(top));
        assertFalse(EntryPath.of("a/bc").startsWith(top));
        assertFalse(EntryPath.of("a").startsWith(top));
    }

    @Test
    void bytesAreComparedWithoutSign() {
        // U+FFFD is EF BF BD in UTF-8, U+1F600 is F0 9F 98 80; UTF-16 would order them the other way round.
        assertTrue(EntryPath.of("\uFFFD").compareTo(EntryPath.of("\uD83D\uDE00")) < 0);
        assertTrue(EntryPath.of("z").compareTo(EntryPath.of("\u00e4")) < 0);
    }

    @Property
    void theOrderIsThatOfTheModel(@ForAll("paths") EntryPath a, @ForAll("paths") EntryPath b) {
        assertEquals(Integer.signum(model(a, b)), Integer.signum(a.compareTo(b)), a + " and " + b);
        assertEquals(a.equals(b), a.compareTo(b) == 0);
        assertEquals(Integer.signum(a.compareTo(b)), -Integer.signum(b.compareTo(a)));
    }

    @Property
    void aParentComesBeforeItsChildrenAndNothingForeignBetweenThem(
            @ForAll("paths") EntryPath parent, @ForAll("paths") EntryPath foreign) {
        EntryPath child = parent.resolve("child");
        assertTrue(parent.compareTo(child) < 0);
        boolean below =
                foreign.equals(parent) || parent.isRoot() || foreign.value().startsWith(parent.value() + "/");
        if (!below) {
            assertEquals(parent.compareTo(foreign) < 0, child.compareTo(foreign) < 0, parent + " and " + foreign);
        }
    }

    @Property
    void parentAndNameMakeThePathAgain(@ForAll("paths") EntryPath path) {
        if (!path.isRoot()) {
            assertEquals(path, path.parent().resolve(path.name()));
        }
    }

    /** Component lists of unsigned byte values, compared element by element; the root has no component. */
    private static int model(EntryPath a, EntryPath b) {
        List<List<Integer>> left = components(a);
        List<List<Integer>> right = components(b);
        for (int i = 0; i < left.size() && i < right.size(); i++) {
            for (int j = 0; j < left.get(i).size() && j < right.get(i).size(); j++) {
                int order = left.get(i).get(j) - right.get(i).get(j);
                if (order != 0) {
                    return order;
                }
            }
            int order = left.get(i).size() - right.get(i).size();
            if (order != 0) {
                return order;
            }
        }
        return left.size() - right.size();
    }

    private static List<List<Integer>> components(EntryPath path) {
        List<List<Integer>> components = new ArrayList<>();
        if (path.value().isEmpty()) {
            return components;
        }
        List<Integer> current = new ArrayList<>();
        for (byte b : path.value().getBytes(StandardCharsets.UTF_8)) {
            if (b == '/') {
                components.add(current);
                current = new ArrayList<>();
            } else {
                current.add(b & 0xff);
            }
        }
        components.add(current);
        return components;
    }

    @Provide
    Arbitrary<EntryPath> paths() {
        Arbitrary<String> component = Arbitraries.of(
                        "a", "b", "A", "!", "-", "0", "\u00e4", "\uFFFD", "\uD83D\uDE00", "\u65e5", "\u007f", "~", " ")
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parts -> String.join("", parts));
        return component.list().ofMaxSize(4).map(parts -> EntryPath.of(String.join("/", parts)));
    }
}
