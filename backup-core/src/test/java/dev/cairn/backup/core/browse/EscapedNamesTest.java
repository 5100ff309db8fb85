package dev.cairn.backup.core.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.core.capture.FakeDataset;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapedNamesTest {

    private static final SnapshotId ID = SnapshotId.of("snap-1");

    @ParameterizedTest
    @CsvSource({
        "a.json,a.json",
        "a b,a%20b",
        "100%,100%25",
        "a.,a%2E",
        "con,%63on",
        "nul.txt,%6Eul.txt",
        "a~1,a%7E1",
        "a:b,a%3Ab"
    })
    void staysReadableWhereItCan(String path, String escaped) {
        assertEquals("snap-1/snapshot/d/" + escaped, name(EntryPath.of(path)).value());
    }

    @Test
    void theRootOfADatasetHasAPlaceToo() {
        assertEquals("snap-1/snapshot/d", name(EntryPath.ROOT).value());
    }

    @Test
    void namesThatDifferAfterTheCutAreToldApart() {
        String longName = "x".repeat(300);
        assertNotEquals(name(EntryPath.of(longName + "a")), name(EntryPath.of(longName + "b")));
        String deep = "d/".repeat(500);
        assertNotEquals(name(EntryPath.of(deep + "a")), name(EntryPath.of(deep + "b")));
        assertTrue(name(EntryPath.of(deep + "a")).value().length() <= BlobName.MAX_LENGTH);
    }

    @Property
    void differentPathsGetDifferentNames(@ForAll("twoPaths") Tuple.Tuple2<EntryPath, EntryPath> two) {
        assertEquals(two.get1().equals(two.get2()), name(two.get1()).equals(name(two.get2())), two.toString());
    }

    @Property
    void digestNamesDifferFromEachOtherAndFromPlainOnes(@ForAll("twoPaths") Tuple.Tuple2<EntryPath, EntryPath> two) {
        BlobName digest = EscapedNames.digestOnly(ID, "d", two.get1());
        if (!two.get1().equals(two.get2())) {
            assertNotEquals(digest, EscapedNames.digestOnly(ID, "d", two.get2()));
            assertNotEquals(digest, name(two.get2()));
        }
    }

    @Property(tries = 200)
    void contentSurvivesTheRoundTripUnderItsOwnPath(@ForAll("files") Map<EntryPath, String> files) {
        FakeDataset dataset = FakeDataset.of("d");
        Map<String, String> expected = new TreeMap<>();
        files.forEach((path, content) -> {
            dataset.file(path.value(), content);
            expected.put("d/" + path, content);
        });
        BrowsableRepository repository = BrowsableRepository.at(new MemoryBlobStore());
        Written.snapshot(repository, "one", dataset);
        assertEquals(expected, Written.contents(repository, "one"));
    }

    private static BlobName name(EntryPath path) {
        return EscapedNames.content(ID, "d", path);
    }

    @Provide
    Arbitrary<Tuple.Tuple2<EntryPath, EntryPath>> twoPaths() {
        return Arbitraries.oneOf(
                Tuple2s.of(paths(), paths()),
                // The same path with one character changed: neighbours collide first.
                paths().flatMap(path -> Arbitraries.of('a', 'A', '%', '.', '-', '2', '\u00e4')
                        .map(c -> Tuple.of(path, neighbour(path, c)))));
    }

    private static EntryPath neighbour(EntryPath path, char c) {
        return path.isRoot() ? EntryPath.of("a" + c) : EntryPath.of(path.value() + c + "x");
    }

    @Provide
    Arbitrary<Map<EntryPath, String>> files() {
        return Arbitraries.maps(
                        paths().filter(path -> !path.isRoot()),
                        Arbitraries.strings().ascii().ofMaxLength(20))
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<EntryPath> paths() {
        Arbitrary<String> part = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(
                        8,
                        Arbitraries.of(
                                "a",
                                "B",
                                "b",
                                "%",
                                "%2",
                                "%2E",
                                "2E",
                                "-",
                                "%-",
                                ".",
                                " ",
                                "~",
                                ":",
                                "\\",
                                "\u00e4",
                                "\uD83D\uDE00",
                                "con",
                                "NUL")),
                net.jqwik.api.Tuple.of(1, Arbitraries.just("x".repeat(120))),
                net.jqwik.api.Tuple.of(1, Arbitraries.just("\u00e4".repeat(40))));
        Arbitrary<String> component = part.list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(parts -> String.join("", parts))
                .filter(text -> !text.equals(".") && !text.equals(".."));
        return component.list().ofMaxSize(9).map(parts -> EntryPath.of(String.join("/", parts)));
    }

    /** Pairs of two arbitraries. */
    private static final class Tuple2s {

        static <A, B> Arbitrary<Tuple.Tuple2<A, B>> of(Arbitrary<A> a, Arbitrary<B> b) {
            return net.jqwik.api.Combinators.combine(a, b).as(Tuple::of);
        }
    }
}
