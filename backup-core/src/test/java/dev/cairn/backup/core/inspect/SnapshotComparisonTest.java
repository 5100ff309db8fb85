package dev.cairn.backup.core.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotComparisonTest {

    private static final int PAGE = 4096;

    private final List<String> told = new ArrayList<>();

    private SnapshotDifference compare(
            SnapshotRepository repository, String before, String after, UnaryOperator<SnapshotComparison> with) {
        told.clear();
        try (SnapshotReader first = repository.read(SnapshotId.of(before));
                SnapshotReader second = repository.read(SnapshotId.of(after))) {
            return with.apply(SnapshotComparison.of(first, second))
                    .run(change -> told.add(change.kind() + " " + change.dataset() + "/" + change.path()));
        }
    }

    private SnapshotDifference compare(SnapshotRepository repository) {
        return compare(repository, "snap-1", "snap-2", comparison -> comparison);
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void whatWasAddedRemovedAndChangedIsToldInOrderWithCountsAndBytes(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        Shelf.take(
                repository,
                Map.of(
                        "tree",
                        List.of(
                                Shelf.folder(""),
                                Shelf.file("changed", "old"),
                                Shelf.folder("d"),
                                Shelf.file("d/same", "same"),
                                Shelf.file("longer", "x"),
                                Entry.symlink(EntryPath.of("link"), EntryAttributes.NONE, "here"),
                                Shelf.file("removed", "gone!"),
                                Shelf.file("type", "file"))));
        Shelf.take(
                repository,
                Map.of(
                        "tree",
                        List.of(
                                Shelf.folder(""),
                                Shelf.file("added", "12345678"),
                                Shelf.file("changed", "new"),
                                Shelf.folder("d"),
                                Shelf.file("d/same", "same"),
                                Shelf.file("longer", "xyz"),
                                Entry.symlink(EntryPath.of("link"), EntryAttributes.NONE, "there"),
                                Shelf.folder("type"))));
        SnapshotDifference difference = compare(repository);
        assertEquals(
                List.of(
                        "ADDED tree/added",
                        "CONTENT tree/changed",
                        "CONTENT tree/link",
                        "CONTENT tree/longer",
                        "REMOVED tree/removed",
                        "TYPE tree/type"),
                told);
        assertFalse(difference.isEqual());
        DatasetDifference tree = difference.datasets().get(0);
        assertEquals(
                List.of(1L, 1L, 4L, 0L, 3L),
                List.of(tree.added(), tree.removed(), tree.changed(), tree.attributes(), tree.same()));
        assertEquals(List.of(8L, 5L, 6L), List.of(tree.bytesAdded(), tree.bytesRemoved(), tree.bytesChanged()));
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void anyTwoTreesDifferAsAMapOfThemSays(Shelf shelf) {
        Random random = new Random(20260218);
        SnapshotRepository repository = shelf.repository();
        for (int round = 0; round < 40; round++) {
            TreeMap<EntryPath, String> before = files(random);
            TreeMap<EntryPath, String> after = files(random);
            SnapshotId first = Shelf.take(repository, Map.of("tree", entries(before)));
            SnapshotId second = Shelf.take(repository, Map.of("tree", entries(after)));
            TreeMap<EntryPath, String> expected = new TreeMap<>();
            before.forEach((path, text) -> expected.put(
                    path, !after.containsKey(path) ? "REMOVED" : text.equals(after.get(path)) ? "" : "CONTENT"));
            after.keySet().forEach(path -> expected.putIfAbsent(path, "ADDED"));
            expected.values().removeIf(String::isEmpty);
            SnapshotDifference difference = compare(repository, first.value(), second.value(), with -> with);
            assertEquals(
                    expected.entrySet().stream()
                            .map(each -> each.getValue() + " tree/" + each.getKey())
                            .toList(),
                    told,
                    "round " + round);
            assertEquals(expected.isEmpty(), difference.isEqual());
        }
    }

    private static TreeMap<EntryPath, String> files(Random random) {
        TreeMap<EntryPath, String> files = new TreeMap<>();
        String letters = "ab!é";
        for (int i = random.nextInt(12); i > 0; i--) {
            StringBuilder path = new StringBuilder();
            for (int depth = random.nextInt(3); depth >= 0; depth--) {
                path.append(letters.charAt(random.nextInt(letters.length()))).append(depth > 0 ? "/" : "");
            }
            files.put(EntryPath.of(path.toString()), random.nextBoolean() ? "x" : "y");
        }
        return files;
    }

    private static List<Entry> entries(Map<EntryPath, String> files) {
        return files.entrySet().stream()
                .map(each -> Shelf.file(each.getKey().value(), each.getValue()))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void whatTheRepositoryKnowsToBeEqualIsNotRead(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        byte[] bytes = new byte[2_000_000];
        new Random(1).nextBytes(bytes);
        EntryAttributes attributes = EntryAttributes.of(Shelf.TIME, 0600);
        Entry big = Shelf.file("big", bytes, 0, attributes);
        Shelf.take(repository, Map.of("tree", List.of(big, Shelf.file("s", "abc"))));
        Shelf.take(repository, Map.of("tree", List.of(big, Shelf.file("s", "abd"))));
        AtomicInteger opened = new AtomicInteger();
        try (SnapshotReader first = Shelf.counted(repository.read(SnapshotId.of("snap-1")), opened);
                SnapshotReader second = Shelf.counted(repository.read(SnapshotId.of("snap-2")), opened)) {
            SnapshotDifference difference = SnapshotComparison.of(first, second)
                    .run(change -> told.add(change.path().value()));
            assertEquals(List.of("s"), told);
            assertEquals(1, difference.datasets().get(0).same());
            assertEquals(2, opened.get()); // The two states of the file that did change.
        }
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void theSameBytesThatWereStoredDifferentlyAreTheSame(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        byte[] bytes = new byte[40 * PAGE];
        new Random(2).nextBytes(bytes);
        EntryAttributes attributes = EntryAttributes.of(Shelf.TIME, 0600);
        Shelf.take(repository, Map.of("db", List.of(Shelf.file("x", bytes, PAGE, attributes))));
        Shelf.take(repository, Map.of("db", List.of(Shelf.file("x", bytes, 0, attributes))));
        byte[] changed = bytes.clone();
        changed[39 * PAGE + 17] ^= 1;
        Shelf.take(repository, Map.of("db", List.of(Shelf.file("x", changed, PAGE, attributes))));
        assertTrue(compare(repository, "snap-1", "snap-2", with -> with).isEqual());
        assertFalse(compare(repository, "snap-2", "snap-3", with -> with).isEqual());
        assertEquals(List.of("CONTENT db/x"), told);
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void timesAndRightsAreComparedOnlyIfAskedFor(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        EntryAttributes later = EntryAttributes.of(Shelf.TIME.plusSeconds(1), 0640);
        Shelf.take(
                repository, Map.of("tree", List.of(Shelf.folder("d"), Shelf.file("d/m", "x"), Shelf.file("d/t", "x"))));
        Shelf.take(
                repository,
                Map.of(
                        "tree",
                        List.of(
                                Entry.directory(EntryPath.of("d"), EntryAttributes.of(Shelf.TIME.plusSeconds(1), 0750)),
                                Shelf.file("d/m", new byte[] {'x'}, 0, EntryAttributes.of(Shelf.TIME, 0600)),
                                Shelf.file("d/t", new byte[] {'x'}, 0, later))));
        assertTrue(compare(repository).isEqual());
        SnapshotDifference strict = compare(repository, "snap-1", "snap-2", SnapshotComparison::withAttributes);
        assertEquals(List.of("ATTRIBUTES tree/d/m", "ATTRIBUTES tree/d/t"), told);
        assertFalse(strict.isEqual());
        assertEquals(2, strict.datasets().get(0).attributes());
        assertEquals(1, strict.datasets().get(0).same());
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void aDatasetThatOneSnapshotLacksIsADifferenceAlsoIfItIsEmpty(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        Shelf.take(repository, new TreeMap<>(Map.of("a", List.of(Shelf.file("f", "1")), "z", List.<Entry>of())));
        Shelf.take(repository, Map.of("b", List.of(Shelf.file("f", "1"))));
        SnapshotDifference difference = compare(repository);
        assertEquals(List.of("ADDED b/f", "REMOVED a/f"), told);
        assertEquals(
                List.of("b", "a", "z"),
                difference.datasets().stream().map(DatasetDifference::dataset).toList());
        assertFalse(difference.datasets().get(2).isEqual());

        Shelf.take(repository, Map.of(), "a");
        assertFalse(compare(repository, "snap-1", "snap-3", with -> with.datasets(DatasetSelection.only("a")))
                .isEqual());
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void anAbsentDatasetIsNotAnEmptyOne(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        Shelf.take(repository, Map.of("a", List.of()));
        Shelf.take(repository, Map.of(), "a");
        assertFalse(compare(repository).isEqual());
        assertEquals(List.of(), told);
        assertTrue(compare(repository, "snap-2", "snap-2", with -> with).isEqual());
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void datasetsAndAPathCanBeChosen(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        Shelf.take(
                repository,
                Map.of("a", List.of(Shelf.file("d/f", "1"), Shelf.file("e", "1")), "b", List.of(Shelf.file("d", "1"))));
        Shelf.take(
                repository,
                Map.of("a", List.of(Shelf.file("d/f", "2"), Shelf.file("e", "2")), "b", List.of(Shelf.file("d", "2"))));
        compare(
                repository,
                "snap-1",
                "snap-2",
                with -> with.datasets(DatasetSelection.only("a")).below(EntryPath.of("d")));
        assertEquals(List.of("CONTENT a/d/f"), told);
        InvalidValueException none = assertThrows(
                InvalidValueException.class,
                () -> compare(repository, "snap-1", "snap-2", with -> with.datasets(DatasetSelection.only("c"))));
        assertTrue(none.getMessage().contains("'c'"), none.getMessage());
    }

    @ParameterizedTest
    @EnumSource(Shelf.class)
    void aComparisonCanBeStopped(Shelf shelf) {
        SnapshotRepository repository = shelf.repository();
        Shelf.take(repository, Map.of("a", List.of(Shelf.file("1", "x"), Shelf.file("2", "x"))));
        Shelf.take(repository, Map.of("a", List.of()));
        CancellationToken token = new CancellationToken();
        try (SnapshotReader first = repository.read(SnapshotId.of("snap-1"));
                SnapshotReader second = repository.read(SnapshotId.of("snap-2"))) {
            SnapshotComparison comparison = SnapshotComparison.of(first, second).cancellation(token);
            assertThrows(
                    BackupCancelledException.class,
                    () -> comparison.run(change -> {
                        told.add(change.path().value());
                        token.cancel();
                    }));
        }
        assertEquals(List.of("1"), told);
    }
}
