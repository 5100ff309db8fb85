package dev.cairn.backup.fs.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.tree.Selection;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a file between the walk and the end of its reading, without the help of its times, which the walk judges. */
class FuzzyFileTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    private static final List<EntryPath> LISTED = List.of(EntryPath.of("file"));

    @TempDir
    Path temp;

    private Path file;
    private ChangedPaths changed;
    private FuzzyFile content;

    @BeforeEach
    void walk() throws Exception {
        Path live = Files.createDirectories(temp.resolve("live"));
        file = live.resolve("file");
        Files.writeString(file, "before");
        Files.setLastModifiedTime(file, LONG_AGO);
        TreeRoot root = TreeRoot.tree(live, Selection.ALL);
        CaptureSpec spec = new CaptureSpec(
                "files", Consistency.FUZZY, live, root, 0, new HotPaths(), RecordingCaptureContext.in(temp));
        TreeWalk walk = new TreeWalk(root, new CaptureWalk(spec, path -> {}));
        TreeNode start = walk.start();
        walk.scan(start);
        changed = new ChangedPaths(Instant.now().plus(Duration.ofHours(1)));
        content = new FuzzyFile(spec, walk.states(), start.children().get(0), changed);
    }

    private void replaceBySameSizeAndTime() throws Exception {
        Path fresh = temp.resolve("fresh");
        Files.writeString(fresh, "behind");
        Files.setLastModifiedTime(fresh, LONG_AGO);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private String read() throws Exception {
        try (InputStream in = content.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatDidNotChangeIsNotListed() throws Exception {
        assertEquals("before", read());
        assertEquals(List.of(), changed.all());
    }

    @Test
    void aFileReplacedBeforeItIsReadIsListed() throws Exception {
        replaceBySameSizeAndTime();
        assertEquals("behind", read());
        assertEquals(LISTED, changed.all());
    }

    @Test
    void aFileReplacedWhileItIsReadIsListed() throws Exception {
        try (InputStream in = content.open()) {
            assertEquals('b', in.read());
            replaceBySameSizeAndTime();
            assertEquals("efore", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(LISTED, changed.all());
    }

    @Test
    void aFileReplacedBeforeItIsReadInPartIsListed() throws Exception {
        replaceBySameSizeAndTime();
        try (InputStream in = content.open()) {
            assertEquals('b', in.read());
        }
        assertEquals(LISTED, changed.all());
    }

    @Test
    void aFileThatHasGrownIsReadToItsNewEndAndListed() throws Exception {
        Files.writeString(file, " and after", StandardOpenOption.APPEND);
        assertEquals("before and after", read());
        assertEquals(LISTED, changed.all());
    }

    @Test
    void aFileThatHasShrunkIsReadToItsNewEndAndListed() throws Exception {
        Files.writeString(file, "be");
        assertEquals("be", read());
        assertEquals(LISTED, changed.all());
    }
}
