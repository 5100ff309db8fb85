package dev.cairn.backup.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/runbooks.md leads to tests that exist, and no behaviour of a runbook is without one. */
class RunbooksGuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "runbooks.md");
    private static final Path TESTS = Path.of("src", "test", "java");

    private static final Map<String, Integer> BEHAVIOURS =
            new TreeMap<>(Map.of("agtmux", 18, "halo", 11, "magds", 11, "sonia", 10, "factory", 11));

    private static final String NUMBERED = "(agtmux|halo|magds|sonia|factory)([0-9]{2})_";

    @Test
    void everyTestThatTheGuideNamesExists() throws IOException {
        TreeSet<String> methods = numberedTests();
        Matcher named = Pattern.compile("`(?:[A-Za-z]+\\.)?(" + NUMBERED + "\\w*)(…?)[^`]*`")
                .matcher(Files.readString(GUIDE));
        int seen = 0;
        while (named.find()) {
            String name = named.group(1);
            String next = methods.ceiling(name);
            boolean there = named.group(4).isEmpty() ? name.equals(next) : next != null && next.startsWith(name);
            assertTrue(there, () -> "no test is called " + name);
            seen++;
        }
        assertTrue(seen > 150, "only " + seen);
    }

    @Test
    void everyBehaviourHasATest() throws IOException {
        Map<String, TreeSet<Integer>> shown = new TreeMap<>();
        for (String method : numberedTests()) {
            Matcher parts = Pattern.compile(NUMBERED).matcher(method);
            assertTrue(parts.lookingAt(), method);
            shown.computeIfAbsent(parts.group(1), system -> new TreeSet<>()).add(Integer.parseInt(parts.group(2)));
        }
        BEHAVIOURS.forEach((system, count) -> {
            List<Integer> all =
                    Stream.iterate(1, number -> number + 1).limit(count).toList();
            assertEquals(all, List.copyOf(shown.getOrDefault(system, new TreeSet<>())), system);
        });
    }

    private static TreeSet<String> numberedTests() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(TESTS)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                Matcher method =
                        Pattern.compile("\\bvoid (" + NUMBERED + "\\w+)\\(").matcher(Files.readString(file));
                while (method.find()) {
                    names.add(method.group(1));
                }
            }
        }
        return names;
    }
}
