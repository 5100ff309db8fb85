package dev.cairn.backup.fs.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.spi.EntryPath;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PathOrderTest {

    @Property(tries = 500)
    void namesAreOrderedAsEntryPathsAre(@ForAll("names") String a, @ForAll("names") String b) {
        assertEquals(
                Integer.signum(EntryPath.of(a).compareTo(EntryPath.of(b))),
                Integer.signum(PathOrder.compareNames(a, b)));
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> characters =
                Arbitraries.of("a", "b", "-", "\u00e9", "\ud7ff", "\ue000", "\uffee", "\ud83d\ude00", "\ud800\udc00");
        return characters.list().ofMinSize(1).ofMaxSize(4).map(parts -> String.join("", parts));
    }

    @Example
    void globsMatchAsDocumented() {
        Selection selection = Selection.ALL
                .including("*.log", "a/**/z", "conf", "x/{p,q}[0-9]")
                .excluding("conf/tmp");
        assertTrue(selection.selects(EntryPath.of("a.log")));
        assertFalse(selection.selects(EntryPath.of("d/a.log")));
        assertTrue(selection.selects(EntryPath.of("a/z")));
        assertTrue(selection.selects(EntryPath.of("a/b/c/z/below")));
        assertTrue(selection.selects(EntryPath.of("conf/any/thing")));
        assertFalse(selection.selects(EntryPath.of("conf/tmp/x")));
        assertTrue(selection.selects(EntryPath.of("x/q7")));
        assertFalse(selection.selects(EntryPath.of("x/r7")));
        assertTrue(selection.leadsThrough(EntryPath.of("x")));
        assertTrue(selection.leadsThrough(EntryPath.of("a/b")));
        assertFalse(selection.leadsThrough(EntryPath.of("d")));
        assertFalse(selection.leadsThrough(EntryPath.of("conf/tmp")));
    }
}
