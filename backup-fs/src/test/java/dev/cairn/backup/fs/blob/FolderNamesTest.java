package dev.cairn.backup.fs.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderNamesTest {

    @TempDir
    Path root;

    private final FolderNames names = new FolderNames();
    private final Set<String> expected = new TreeSet<>();

    @BeforeEach
    void manyFiles() throws IOException {
        Files.createDirectory(root.resolve("many"));
        for (int i = 0; i < 200; i++) {
            put("snap-" + i);
        }
    }

    private void put(String name) throws IOException {
        Files.writeString(root.resolve("many").resolve(name), "x");
        expected.add(name);
    }

    private Set<String> below() throws IOException {
        return new TreeSet<>(names.below(root, "many"));
    }

    @Test
    void whatComesAndGoesIsSeenAtOnce() throws IOException {
        assertEquals(expected, below());
        put("snap-200");
        Files.delete(root.resolve("many/snap-7"));
        expected.remove("snap-7");
        assertEquals(expected, below());
        assertEquals(expected, below());
    }

    @Test
    void linksAndForeignNamesAreNeverNames() throws IOException {
        for (int i = 0; i < 2; i++) {
            Files.createSymbolicLink(root.resolve("many/link" + i), root.resolve("many/snap-1"));
            Files.writeString(root.resolve("many/~temporary" + i), "x");
            assertEquals(expected, below());
        }
    }

    @Test
    void aFolderThatIsGoneHasNoNamesAndIsReadAnewWhenItIsBack() throws IOException {
        below();
        Path moved = Files.move(root.resolve("many"), root.resolve("moved"));
        assertEquals(Set.of(), below());
        Files.createDirectory(root.resolve("many"));
        Files.createSymbolicLink(root.resolve("many/snap-1"), moved.resolve("snap-1"));
        assertEquals(Set.of(), below(), "what was a file before is looked at again");
    }

    @Test
    void namesCannotBeChangedByWhoeverGotThem() throws IOException {
        Set<String> found = names.below(root, "many");
        assertThrows(UnsupportedOperationException.class, () -> found.remove("snap-1"));
        assertTrue(below().contains("snap-1"));
    }

    @Test
    void aLinkInThePlaceOfAFolderIsRefused() throws IOException {
        Files.createSymbolicLink(root.resolve("linked"), root.resolve("many"));
        assertThrows(IOException.class, () -> names.below(root, "linked"));
    }
}
