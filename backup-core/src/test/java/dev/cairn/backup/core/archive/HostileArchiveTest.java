package dev.cairn.backup.core.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.StoredSnapshot;
import dev.cairn.backup.testkit.TestScratch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an archive holds: it is imported as it was exported, or not at all and with a typed error. */
class HostileArchiveTest {

    @TempDir
    Path folder;

    /** Refused by an import and by a verification, for that reason. */
    private void refuse(String reason, byte[] archive) {
        TestScratch scratch = TestScratch.in(folder);
        BrowsableRepository into = Snapshots.repository();
        DamagedArchiveException refused = assertThrows(
                DamagedArchiveException.class,
                () -> SnapshotArchive.importSnapshot(
                        new ByteArrayInputStream(archive), into, ImportRequest.of(scratch)));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertTrue(into.list().stream().noneMatch(s -> s instanceof StoredSnapshot.Committed));
        assertEquals(List.of(), scratch.held());
        DamagedArchiveException found = assertThrows(
                DamagedArchiveException.class,
                () -> SnapshotArchive.verify(new ByteArrayInputStream(archive), ImportRequest.of(scratch)));
        assertEquals(refused.getMessage(), found.getMessage());
    }

    @ParameterizedTest
    @EnumSource(ArchiveFormat.class)
    void aCutArchiveIsNeverImported(ArchiveFormat format) {
        byte[] archive = Snapshots.export(Snapshots.sample(), ExportRequest.of(format));
        // The two blocks of zeros at the end of a plain tar are no loss, all before them is.
        int needed = format == ArchiveFormat.TAR ? archive.length - 1024 : archive.length;
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            refuse("", Snapshots.cut(archive, i == 0 ? 0 : i < 10 ? needed - i : random.nextInt(needed)));
        }
    }

    @ParameterizedTest
    @EnumSource(ArchiveFormat.class)
    void aFlippedBitIsNoticedOrChangesNothing(ArchiveFormat format) {
        BrowsableRepository from = Snapshots.repository();
        Snapshots.commit(
                from,
                Map.of(
                        "tree",
                        List.of(
                                Entry.directory(EntryPath.of("d"), EntryAttributes.of(Snapshots.TIME, 0755)),
                                Snapshots.file("d/f", Snapshots.noise(9, 700)),
                                Entry.symlink(EntryPath.of("s"), EntryAttributes.of(Snapshots.TIME, 0777), "d/f"))));
        byte[] archive = Snapshots.export(from, ExportRequest.of(format));
        List<String> right = Snapshots.describe(from, "snap-1");
        Random random = new Random(format.ordinal());
        int refused = 0;
        for (int i = 0; i < 200; i++) {
            BrowsableRepository into = Snapshots.repository();
            int at = random.nextInt(archive.length);
            try {
                SnapshotArchive.importSnapshot(
                        new ByteArrayInputStream(Snapshots.flipped(archive, at, i % 8)),
                        into,
                        ImportRequest.of(TestScratch.in(folder)));
                assertEquals(right, Snapshots.describe(into, "snap-1"), "bit flipped at " + at);
            } catch (DamagedArchiveException e) {
                refused++;
                assertTrue(into.list().stream().noneMatch(s -> s instanceof StoredSnapshot.Committed));
            }
        }
        assertTrue(refused > 40, refused + " refused");
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        refuse("is neither a tar", new byte[0]);
        refuse("is neither a tar", "hello".getBytes(StandardCharsets.UTF_8));
        refuse("is neither a tar", new byte[10_000]);
        refuse("is neither a tar", Snapshots.noise(1, 10_000));
        refuse("has 'hello.txt' where cairn-manifest.json was expected", tar(out -> add(out, "hello.txt", "world")));
    }

    @Test
    void anArchiveWithOnlyItsDigestForgedIsRefusedForThatAlone() {
        refuse("does not match its digest", forged(1, 1, out -> add(out, "datasets/tree/a", "x")));
    }

    @Test
    void namesThatLeadOutsideAreRefused() {
        for (String name : List.of(
                "datasets/tree/../../../etc/passwd", "datasets/tree/a/../b", "datasets/tree/./a", "datasets/tree//a")) {
            refuse("is no path that a snapshot may have", forged(1, 1, out -> add(out, name, "x")));
        }
        for (String name : List.of("/etc/passwd", "datasets/other/a", "datasets/tre", "datasets/tree2/a", "../a")) {
            refuse("stands where an entry of dataset 'tree' was expected", forged(1, 1, out -> add(out, name, "x")));
        }
        refuse("stands where an entry", forged(1, 0, out -> add(out, "datasets/tree/", "")));
        refuse("is no path", forged(1, 0, out -> add(out, "datasets/tree/a/", "")));
    }

    @Test
    void entriesTwiceOrOutOfOrderOrBelowALinkAreRefused() {
        refuse("twice or out of order", forged(2, 2, out -> {
            add(out, "datasets/tree/a", "x");
            add(out, "datasets/tree/a", "y");
        }));
        refuse("twice or out of order", forged(2, 2, out -> {
            add(out, "datasets/tree/b", "x");
            add(out, "datasets/tree/a", "y");
        }));
        refuse("lies below what is no folder", forged(2, 1, out -> {
            link(out, "datasets/tree/a", "/etc", TarConstants.LF_SYMLINK);
            add(out, "datasets/tree/a/passwd", "x");
        }));
    }

    @Test
    void linksToWhatIsNotThereAndThingsThatAreNoFilesAreRefused() {
        refuse("did not come before it", forged(2, 1, out -> {
            link(out, "datasets/tree/a", "datasets/tree/b", TarConstants.LF_LINK);
            add(out, "datasets/tree/b", "x");
        }));
        refuse("stands where an entry", forged(2, 1, out -> {
            add(out, "datasets/tree/a", "x");
            link(out, "datasets/tree/b", "/etc/passwd", TarConstants.LF_LINK);
        }));
        refuse(
                "is no file, folder or link",
                forged(1, 0, out -> link(out, "datasets/tree/fifo", "", TarConstants.LF_FIFO)));
    }

    @Test
    void moreOrLessThanTheManifestSaysIsRefused() {
        refuse("larger than the manifest says", forged(1, 1, out -> add(out, "datasets/tree/a", "two")));
        refuse("has 1 entries and 3 bytes", forged(1, 9, out -> add(out, "datasets/tree/a", "two")));
        refuse("stands where an entry", forged(2, 3, out -> add(out, "datasets/tree/a", "two")));
        refuse("where cairn-digests.json was expected", forged(1, 3, out -> {
            add(out, "datasets/tree/a", "two");
            add(out, "datasets/tree/b", "");
        }));
    }

    @Test
    void sizesThatNoDiskHoldsCostNothing() {
        refuse("", forged(1, Long.MAX_VALUE, out -> {
            TarArchiveEntry entry = new TarArchiveEntry("datasets/tree/a");
            entry.setSize(1L << 60);
            put(out, entry, "");
        }));
        refuse("at most", tar(out -> {
            TarArchiveEntry entry = new TarArchiveEntry(ArchiveNames.MANIFEST);
            entry.setSize(1L << 40);
            put(out, entry, "");
        }));
    }

    @Test
    void headersWithoutEndAreRefused() {
        for (byte kind : new byte[] {TarConstants.LF_GNUTYPE_LONGNAME, TarConstants.LF_PAX_EXTENDED_HEADER_LC}) {
            refuse("header that is longer than any", tar(out -> {
                TarArchiveEntry entry = new TarArchiveEntry("./long", kind);
                byte[] text = ("30000000 path=" + "x".repeat(30_000_000)).getBytes(StandardCharsets.UTF_8);
                entry.setSize(text.length);
                put(out, entry, new String(text, StandardCharsets.UTF_8));
            }));
        }
        refuse("header that is longer than any", tar(out -> {
            for (int i = 0; i < 5_000; i++) {
                TarArchiveEntry entry = new TarArchiveEntry("./nested", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
                entry.setSize(8);
                put(out, entry, "8 a=bcd\n");
            }
        }));
    }

    @Test
    void manifestsThatContradictThemselvesAreRefused() {
        String right = manifest("tree", 1, 3, 3);
        for (String wrong : List.of(
                "",
                "null",
                "[]",
                "{}",
                right + "x",
                right.replace("cairn-archive", "something"),
                right.replace("\"formatVersion\" : 1", "\"formatVersion\" : \"one\""),
                right.replace("\"totalBytes\" : 3", "\"totalBytes\" : 4"),
                right.replace("\"tree\"", "\"../tree\""),
                right.replace("\"snap-1\"", "\"../x\""),
                right.replace("2026-02-18T09:00:00Z", "yesterday"),
                right.replace("\"MANUAL\"", "null"),
                right.replace("\"present\" : true", "\"present\" : false"),
                right.replace("\"entries\" : 1", "\"entries\" : -1"),
                "[".repeat(100_000))) {
            assertTrue(!wrong.equals(right), wrong);
            refuse("cairn-manifest.json", tar(out -> add(out, ArchiveNames.MANIFEST, wrong)));
        }
    }

    @Test
    void anArchiveOfANewerVersionIsNamedSo() {
        String newer = manifest("tree", 1, 3, 3).replace("\"formatVersion\" : 1", "\"formatVersion\" : 2, \"new\" : 1");
        byte[] archive = tar(out -> add(out, ArchiveNames.MANIFEST, newer));
        assertThrows(
                UnsupportedFormatException.class,
                () -> SnapshotArchive.verify(
                        new ByteArrayInputStream(archive), ImportRequest.of(TestScratch.in(folder))));
    }

    @Test
    void whatFollowsTheEndIsRefusedButPaddingIsNot() {
        byte[] archive = Snapshots.export(Snapshots.sample(), ExportRequest.of(ArchiveFormat.TAR));
        byte[] padded = Snapshots.cut(archive, archive.length + 20_000);
        SnapshotArchive.verify(new ByteArrayInputStream(padded), ImportRequest.of(TestScratch.in(folder)));
        padded[padded.length - 1] = 1;
        refuse("goes on after its end", padded);
        refuse("goes on after its end", Snapshots.cut(archive, archive.length + (5 << 20)));
    }

    @Test
    void aStreamThatFailsIsNotTakenForDamage() {
        byte[] archive = Snapshots.export(Snapshots.sample(), ExportRequest.of(ArchiveFormat.TAR_GZIP));
        InputStream failing =
                new java.io.SequenceInputStream(new ByteArrayInputStream(archive, 0, 5_000), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("cable");
                    }
                });
        assertThrows(
                dev.cairn.backup.StoreException.class,
                () -> SnapshotArchive.verify(failing, ImportRequest.of(TestScratch.in(folder))));
    }

    /** An archive that is right but for its entries and their digests; with that many entries and bytes in its manifest. */
    private static byte[] forged(long entries, long bytes, Consumer<TarArchiveOutputStream> rest) {
        String manifest = manifest("tree", entries, bytes, bytes);
        return tar(out -> {
            add(out, ArchiveNames.MANIFEST, manifest);
            rest.accept(out);
            if (isClean(out)) {
                add(
                        out,
                        ArchiveNames.DIGESTS,
                        new String(
                                ArchiveJson.encode(new ArchiveDigests(
                                        EntryDigest.hexOf(manifest.getBytes(StandardCharsets.UTF_8)),
                                        new TreeMap<>(Map.of("tree", "0".repeat(64))))),
                                StandardCharsets.UTF_8));
            }
        });
    }

    private static String manifest(String dataset, long entries, long bytes, long total) {
        String empty = new String(
                ArchiveJson.encode(new ArchiveManifest(
                        ArchiveManifest.FORMAT,
                        1,
                        "snap-1",
                        1,
                        "2026-02-18T09:00:00Z",
                        null,
                        dev.cairn.backup.SnapshotTrigger.MANUAL,
                        null,
                        null,
                        "l",
                        null,
                        null,
                        0,
                        bytes,
                        List.of(),
                        List.of(new ArchiveManifest.Held(
                                dataset, "files", true, entries, bytes, null, new TreeMap<>(), null, List.of())))),
                StandardCharsets.UTF_8);
        return empty.replace("\"totalBytes\" : " + bytes, "\"totalBytes\" : " + total);
    }

    private static boolean isClean(TarArchiveOutputStream out) {
        return !LEFT_OPEN.contains(out);
    }

    private static final List<TarArchiveOutputStream> LEFT_OPEN = new ArrayList<>();

    private static byte[] tar(Consumer<TarArchiveOutputStream> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8");
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
        out.setLongFileMode(TarArchiveOutputStream.LONGFILE_TRUNCATE);
        entries.accept(out);
        if (isClean(out)) {
            try {
                out.finish();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream out, String name, String content) {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
        entry.setSize(content.getBytes(StandardCharsets.UTF_8).length);
        put(out, entry, content);
    }

    private static void link(TarArchiveOutputStream out, String name, String target, byte kind) {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setLinkName(target);
        put(out, entry, "");
    }

    /** Writes the entry; one that promises more than it has ends the archive. */
    private static void put(TarArchiveOutputStream out, TarArchiveEntry entry, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        entry.setMode(0644);
        try {
            out.putArchiveEntry(entry);
            out.write(bytes);
            if (entry.getSize() > bytes.length) {
                LEFT_OPEN.add(out);
            } else {
                out.closeArchiveEntry();
            }
        } catch (IOException e) {
            fail(e);
        }
    }
}
