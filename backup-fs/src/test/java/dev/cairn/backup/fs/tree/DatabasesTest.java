package dev.cairn.backup.fs.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DatabasesTest {

    /** The rule as it is documented. */
    private static final Pattern NAME = Pattern.compile(".*\\.(db|db3|sqlite[^/]*)", Pattern.DOTALL);

    @Property
    void aNameIsToldByItsExtension(@ForAll("names") String name) {
        assertEquals(NAME.matcher(name.toLowerCase(Locale.ROOT)).matches(), Databases.isDatabaseName(name), () -> name);
    }

    @Property
    void theLettersCaseDoesNotMatter(@ForAll("names") String name) {
        assertEquals(
                Databases.isDatabaseName(name), Databases.isDatabaseName(name.toUpperCase(Locale.ROOT)), () -> name);
    }

    @Property(tries = 300)
    void aFolderTellsWhatLiesBesideADatabase(@ForAll("folders") List<String> folder) {
        List<FolderNames.Name> all = folder.stream()
                .distinct()
                .sorted(PathOrder::compareNames)
                .map(name -> new FolderNames.Name(name, java.nio.file.Path.of(name)))
                .toList();
        FolderNames names = new FolderNames(all, Databases.sidecars(all));
        for (FolderNames.Name name : all) {
            assertEquals(model(name.text(), folder), names.isDatabase(name.text()), () -> name + " in " + folder);
        }
    }

    private static boolean model(String name, List<String> folder) {
        boolean is = Databases.isDatabaseName(name);
        for (String suffix : List.of("-wal", "-shm", "-journal")) {
            is |= folder.contains(name + suffix);
            if (name.endsWith(suffix) && name.length() > suffix.length()) {
                String base = name.substring(0, name.length() - suffix.length());
                is |= Databases.isDatabaseName(base) || folder.contains(base);
            }
        }
        return is;
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(".", "db", "DB3", "3", "sqlite", "SQLite", "a", "-wal", "-shm", "-journal", "-")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> folders() {
        return names().list().ofMaxSize(12);
    }
}
