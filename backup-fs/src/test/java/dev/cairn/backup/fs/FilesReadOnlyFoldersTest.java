package dev.cairn.backup.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.spi.StagedRestore;
import dev.cairn.backup.testkit.MapStageContext;
import dev.cairn.backup.testkit.MemorySnapshot;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that their owner may not write. Root may write everywhere, so that this says more when another user runs it. */
class FilesReadOnlyFoldersTest {

    private static final List<String> CLOSED = List.of("closed/deep", "closed", "mixed", "");

    @TempDir
    Path temp;

    private Path live;
    private FilesDataset dataset;
    private MemorySnapshot snapshot;

    @BeforeEach
    void closeFolders() throws Exception {
        live = temp.resolve("live");
        Files.writeString(Files.createDirectories(live.resolve("closed/deep")).resolve("f"), "1");
        Files.writeString(Files.createDirectories(live.resolve("mixed")).resolve("mine"), "mine");
        Files.writeString(live.resolve("mixed/theirs"), "1");
        mode("r-xr-xr-x");
        dataset = FilesDataset.of("files", live)
                .consistency(Consistency.IMMUTABLE)
                .exclude("mixed/mine");
        snapshot = MemorySnapshot.take(dataset, RecordingCaptureContext.in(temp.resolve("scratch")));
    }

    @AfterEach
    void letJUnitDeleteThem() throws IOException {
        DurableFiles.deleteTree(live);
    }

    private void mode(String rights) throws IOException {
        for (String folder : CLOSED) {
            Files.setPosixFilePermissions(live.resolve(folder), PosixFilePermissions.fromString(rights));
        }
    }

    private StagedRestore swapped(String id) {
        StagedRestore staged = dataset.stage(snapshot, MapStageContext.create(id));
        staged.swap();
        return staged;
    }

    @Test
    void theyAreReplacedBroughtBackAndKeepTheirModes() throws Exception {
        String before = TreeText.of(live);
        swapped("r1").rollback();
        assertEquals(before, TreeText.of(live));
        swapped("r2").finish();
        assertEquals(before, TreeText.of(live));
        swapped("r3").finish();
        assertEquals(before, TreeText.of(live));
    }

    @Test
    void aRestoreThatClosesTheRootCanStillBeEnded() throws Exception {
        String closed = TreeText.of(live);
        mode("rwxr-xr-x");
        String open = TreeText.of(live);
        swapped("r1").rollback();
        assertEquals(open, TreeText.of(live));
        swapped("r2").finish();
        assertEquals(closed, TreeText.of(live));
    }
}
