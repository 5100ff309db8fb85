package dev.cairn.backup.core.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tar of GNU makes of an archive. */
class GnuTarTest {

    @TempDir
    Path folder;

    @BeforeEach
    void tarIsThere() throws Exception {
        assumeTrue(Tools.isThere("tar", "--version", "GNU tar"));
    }

    private Path archive(ArchiveFormat format) throws IOException {
        return Files.write(folder.resolve("archive"), Snapshots.export(Snapshots.sample(), ExportRequest.of(format)));
    }

    @Test
    void itListsEveryEntryWithoutAWarning() throws Exception {
        for (ArchiveFormat format : List.of(ArchiveFormat.TAR, ArchiveFormat.TAR_GZIP)) {
            Tools.Ended tar = Tools.run(
                    folder,
                    "tar",
                    "--quoting-style=literal",
                    "-tf",
                    archive(format).toString());
            assertEquals("", tar.errors());
            assertEquals(0, tar.status());
            String listed = tar.text();
            assertTrue(
                    listed.startsWith(
                            "cairn-manifest.json\ndatasets/proofs/p/1\ndatasets/proofs/p/2\ndatasets/tree/\n"),
                    listed);
            for (Entry entry : Snapshots.tree()) {
                assertTrue(listed.contains(ArchiveNames.of("tree", entry.path())), listed);
            }
            assertTrue(listed.endsWith("cairn-digests.json\n"), listed);
        }
    }

    @Test
    void itUnpacksContentsLinksModesAndTimes() throws Exception {
        Path into = Files.createDirectory(folder.resolve("out"));
        Tools.Ended tar = Tools.run(
                into,
                "tar",
                "--no-same-owner",
                "-xpf",
                archive(ArchiveFormat.TAR_GZIP).toString());
        // GNU tar wonders about the file from before 1970, and unpacks it as it should.
        assertEquals(1, tar.errors().lines().count(), tar.errors());
        assertTrue(tar.errors().contains("d/executable: implausibly old time stamp"), tar.errors());
        Path tree = into.resolve("datasets/tree");
        for (Entry entry : Snapshots.tree()) {
            Path path = tree.resolve(entry.path().value());
            assertTrue(
                    Files.exists(path, LinkOption.NOFOLLOW_LINKS), entry.path().value());
            if (entry.type() == EntryType.FILE) {
                assertArrayEquals(Snapshots.bytes(entry.content()), Files.readAllBytes(path));
            }
            if (entry.type() == EntryType.SYMLINK) {
                assertEquals(
                        entry.linkTarget().orElseThrow(),
                        Files.readSymbolicLink(path).toString());
            } else if (entry.attributes().mode().isPresent()) {
                assertEquals(
                        entry.attributes().mode().getAsInt(),
                        (int) Files.getAttribute(path, "unix:mode") & 07777,
                        entry.path().value());
            }
            entry.attributes()
                    .modified()
                    .ifPresent(modified -> assertEquals(
                            FileTime.from(modified),
                            modified(path),
                            entry.path().value()));
        }
        assertTrue(Files.isSameFile(tree.resolve("d/big"), tree.resolve("d/big too")));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("bare"))));
    }

    private static FileTime modified(Path path) {
        try {
            return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void itKnowsFilesOfMoreThanEightGibibytes() throws Exception {
        // Eight GiB and five bytes of zeros, piped into tar, which reads and skips them; nothing of it is kept.
        long size = (8L << 30) + 5;
        assertTrue(new String(
                        TarHeaders.records(
                                "d",
                                Entry.file(
                                        EntryPath.of("huge"),
                                        size,
                                        EntryAttributes.NONE,
                                        InputStream::nullInputStream)),
                        StandardCharsets.UTF_8)
                .contains(" size=" + size + "\n"));
        Entry huge = Entry.file(
                EntryPath.of("huge"), size, EntryAttributes.of(Snapshots.TIME, 0600), InputStream::nullInputStream);
        Path head = folder.resolve("head.tar");
        try (OutputStream out = Files.newOutputStream(head)) {
            TarWriter tar = new TarWriter(out, SnapshotId.of("snap-1"));
            try {
                tar.entry("d", huge, new CancellationToken());
            } catch (dev.cairn.backup.DamagedSnapshotException e) {
                // The headers are written by now; the content is made by a hole in the file below.
            }
        }
        long content = Files.size(head);
        try (var file = Files.newByteChannel(head, java.nio.file.StandardOpenOption.WRITE)) {
            file.position(content + (size + 511) / 512 * 512 + 1023);
            file.write(java.nio.ByteBuffer.wrap(new byte[1]));
        }
        Tools.Ended tar = Tools.run(folder, "tar", "-tvf", head.toString());
        assertEquals("", tar.errors());
        assertTrue(tar.text().contains(" " + size + " ") && tar.text().contains("datasets/d/huge"), tar.text());
    }
}
