package dev.cairn.backup.fs.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.FilesDataset;
import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.fs.tree.WalkListener;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeCursorTest {

    private static final int FOLDERS = 60;
    private static final int FILES = 25;

    @TempDir
    Path temp;

    private Path live;

    @BeforeEach
    void makeTree() throws Exception {
        live = temp.resolve("live");
        for (int i = 0; i < FOLDERS; i++) {
            Path folder = Files.createDirectories(live.resolve("a" + i % 7).resolve("b" + i));
            for (int j = 0; j < FILES; j++) {
                Files.writeString(folder.resolve(j % 5 == 0 ? "log-" + j : "file-" + j), "x");
            }
        }
    }

    private FrozenView frozen(Consistency consistency, UnaryOperator<FilesDataset> setting) {
        FilesDataset dataset = setting.apply(FilesDataset.of("files", live).consistency(consistency));
        try (PreparedCapture prepared = dataset.prepare(RecordingCaptureContext.in(temp.resolve("scratch")))
                .orElseThrow()) {
            return prepared.freeze();
        }
    }

    private List<String> entries(Consistency consistency, UnaryOperator<FilesDataset> setting) {
        List<String> all = new ArrayList<>();
        try (FrozenView view = frozen(consistency, setting);
                EntryCursor entries = view.entries()) {
            for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                all.add(entry.type() + " " + entry.path() + " " + entry.size() + " " + entry.attributes());
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "**/log-*", "a3/*/file-1*"})
    void aTreeWalkedOnTheWayHasTheEntriesOfOneThatWasWalkedBefore(String glob) {
        UnaryOperator<FilesDataset> setting =
                glob.isEmpty() ? UnaryOperator.identity() : dataset -> dataset.include(glob);
        List<String> before = entries(Consistency.IMMUTABLE, setting);
        assertTrue(before.size() > FOLDERS, before.size() + " entries");
        assertEquals(before, entries(Consistency.FUZZY, setting));
    }

    @Test
    void aWalkThatWentThroughHoldsNoTree() {
        TreeWalk walk = new TreeWalk(TreeRoot.tree(live, Selection.ALL), named("files"));
        TreeNode root = walk.start();
        Entries entries = new Entries(Instant.now(), node -> () -> {
            throw new IllegalStateException("nobody reads");
        });
        List<TreeNode> left = new ArrayList<>();
        int count = 0;
        try (EntryCursor cursor = TreeCursor.walking(walk, root, entries, true)) {
            while (cursor.next() != null) {
                count++;
            }
        }
        root.forEach(left::add);
        assertEquals(1 + 7 + FOLDERS + FOLDERS * FILES, count);
        assertEquals(List.of(root), left);
    }

    private static WalkListener named(String dataset) {
        return () -> dataset;
    }

    @Test
    void closingTheViewEndsTheWalk() {
        FrozenView view = frozen(Consistency.FUZZY, UnaryOperator.identity());
        EntryCursor entries = view.entries();
        for (int i = 0; i <= WalkAhead.ALONE; i++) {
            entries.next();
        }
        view.close();
        assertThrows(IllegalStateException.class, () -> {
            while (entries.next() != null) {}
        });
        entries.close();
    }
}
