package dev.cairn.backup.examples.quickstart;

import dev.cairn.backup.examples.show.Comparison;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Two states of the service side by side, row by row and byte by byte. */
final class NotesComparison {

    private static final int SHOWN = 10;

    private NotesComparison() {}

    static Comparison of(NotesState expected, NotesState actual) {
        List<String> lines = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        long step = expected.rowCounter();
        byte[] file = actual.files().get(Change.COUNTER_FILE);
        String fileCounter = file == null ? "missing" : new String(file, StandardCharsets.UTF_8);
        lines.add("counter: row " + actual.rowCounter() + ", file " + fileCounter + ", sessions "
                + actual.sessions().counter() + ", expected " + step);
        if (actual.rowCounter() != step
                || !fileCounter.equals(Long.toString(step))
                || actual.sessions().counter() != step) {
            differences.add(lines.get(0));
        }
        lines.add(compare("rows", expected.notes(), actual.notes(), Objects::equals, differences));
        lines.add(compare("files", expected.files(), actual.files(), Arrays::equals, differences) + ", "
                + actual.files().values().stream()
                        .mapToLong(bytes -> bytes.length)
                        .sum() + " bytes");
        lines.add(compare(
                "sessions", expected.sessions().open(), actual.sessions().open(), Objects::equals, differences));
        return new Comparison(lines, differences);
    }

    private static <K, V> String compare(
            String what,
            SortedMap<K, V> expected,
            SortedMap<K, V> actual,
            BiPredicate<@Nullable V, @Nullable V> same,
            List<String> differences) {
        TreeSet<K> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        List<K> differing = keys.stream()
                .filter(key -> !same.test(expected.get(key), actual.get(key)))
                .toList();
        differing.stream()
                .limit(SHOWN)
                .map(key -> what + " " + key + ": " + describe(key, expected, actual))
                .forEach(differences::add);
        if (differing.size() > SHOWN) {
            differences.add(what + ": " + (differing.size() - SHOWN) + " more differ");
        }
        return what + ": " + (keys.size() - differing.size()) + " equal, " + differing.size() + " differ";
    }

    private static <K> String describe(K key, Map<K, ?> expected, Map<K, ?> actual) {
        if (!actual.containsKey(key)) {
            return "missing";
        }
        return expected.containsKey(key) ? "another content" : "should not be there";
    }
}
