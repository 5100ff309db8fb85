package dev.cairn.backup.core.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.spi.EntryPath;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PathOrderTest {

    @Property
    void theOrderOfBytesWithTheSlashLowestIsThatOfComponents(
            @ForAll("paths") EntryPath a, @ForAll("paths") EntryPath b) {
        int expected = Integer.signum(a.compareTo(b));

        assertEquals(expected, Integer.signum(PathOrder.compare(utf8(a), utf8(b))));
        assertEquals(expected, Integer.signum(PathOrder.compare(a.value(), b.value())));
    }

    @Property
    void soItIsForPathsThatShareTheirBeginning(
            @ForAll("paths") EntryPath top, @ForAll("paths") EntryPath x, @ForAll("paths") EntryPath y) {
        EntryPath a = x.isRoot() ? top : top.resolve(x.value());
        EntryPath b = y.isRoot() ? top : top.resolve(y.value());

        theOrderOfBytesWithTheSlashLowestIsThatOfComponents(a, b);
        theOrderOfBytesWithTheSlashLowestIsThatOfComponents(a, EntryPath.of(a.value() + "-" + x.name()));
    }

    @Property
    void aPathIsWithinAnotherAsThePathItselfSays(@ForAll("paths") EntryPath top, @ForAll("paths") EntryPath path) {
        for (EntryPath one :
                new EntryPath[] {path, top, EntryPath.of(top.value() + "x"), top.resolve("x"), top.parent()}) {
            byte[] bytes = utf8(one);
            assertEquals(
                    one.startsWith(top), PathOrder.isWithin(utf8(top), bytes, 0, bytes.length), one + " in " + top);
        }
    }

    @Provide
    Arbitrary<EntryPath> paths() {
        return Listed.paths();
    }

    private static byte[] utf8(EntryPath path) {
        return path.value().getBytes(StandardCharsets.UTF_8);
    }
}
