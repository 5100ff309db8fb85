package dev.cairn.backup.core.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.Progress;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.MemoryBlobStore;
import dev.cairn.backup.testkit.TestScratch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoundTripTest {

    @TempDir
    Path folder;

    private TestScratch scratch;

    @BeforeEach
    void makeScratch() {
        scratch = TestScratch.in(folder);
    }

    private static ByteArrayInputStream in(byte[] archive) {
        return new ByteArrayInputStream(archive);
    }

    @ParameterizedTest
    @EnumSource(ArchiveFormat.class)
    void anImportedSnapshotHasTheVeryEntriesAndContents(ArchiveFormat format) {
        BrowsableRepository from = Snapshots.sample();
        byte[] archive = Snapshots.export(from, ExportRequest.of(format));
        BrowsableRepository into = Snapshots.repository();
        SnapshotMetadata imported = SnapshotArchive.importSnapshot(in(archive), into, ImportRequest.of(scratch));
        assertEquals(
                Snapshots.describe(from, "snap-1"),
                Snapshots.describe(into, imported.id().value()));
        assertEquals(List.of(), scratch.held());
    }

    @Test
    void anImportedSnapshotSaysOfItselfWhatTheOriginalSaidButForItsPlaceInTheRepository() {
        byte[] archive = Snapshots.export(Snapshots.sample(), ExportRequest.of(ArchiveFormat.TAR));
        BrowsableRepository into = Snapshots.sample();
        SnapshotMetadata imported = SnapshotArchive.importSnapshot(in(archive), into, ImportRequest.of(scratch));
        assertEquals("snap-2", imported.id().value());
        assertEquals(2, imported.sequence());
        try (SnapshotReader reader = into.read(imported.id())) {
            SnapshotManifest manifest = reader.manifest();
            assertEquals(imported, manifest.metadata());
            assertEquals(Instant.parse("2026-02-18T09:00:00.123Z"), imported.createdAt());
            assertEquals(OptionalLong.of(7), imported.projectionVersion());
            assertEquals("before the möve", imported.label().orElseThrow());
            assertEquals("imported", imported.lineage());
            assertEquals(SnapshotTrigger.MANUAL, imported.trigger());
            assertTrue(imported.schedule().isEmpty() && imported.parent().isEmpty());
            assertFalse(imported.dataset("gone").orElseThrow().present());
            assertEquals(
                    Map.of("rows", 12L, "a", 1L),
                    imported.dataset("tree").orElseThrow().counts());
            assertEquals(3_000_000, manifest.barrierHeld().toNanos());
            assertEquals(Map.of("tree", List.of("d/big")), manifest.changedAfterCut());
            assertEquals(
                    List.of(
                            "Something was odd",
                            "Imported from an archive of snapshot 'snap-1', which was taken by schedule 'hourly'"),
                    manifest.warnings());
        }
    }

    @ParameterizedTest
    @EnumSource(ArchiveFormat.class)
    void theSameSnapshotGivesTheSameBytes(ArchiveFormat format) {
        byte[] once = Snapshots.export(Snapshots.sample(), ExportRequest.of(format));
        byte[] twice = Snapshots.export(Snapshots.sample(), ExportRequest.of(format));
        assertArrayEquals(once, twice);
    }

    @Test
    void theBytesOfAFormatNeverChange() {
        BrowsableRepository repository = Snapshots.repository();
        Snapshots.commit(repository, Map.of("tree", Snapshots.tree()));
        byte[] archive = Snapshots.export(repository, ExportRequest.of(ArchiveFormat.TAR));
        assertEquals("8e942b69d474e418ff3e6d8a3efa8ba644e877db49a8e18187af2bbf053c75f2", EntryDigest.hexOf(archive));
    }

    @Test
    void theReportTellsSizeAndDigestOfTheArchive() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Progress> progress = new ArrayList<>();
        try (SnapshotReader reader = Snapshots.sample().read(SnapshotId.of("snap-1"))) {
            ExportReport report = SnapshotArchive.export(
                    reader, ExportRequest.of(ArchiveFormat.TAR_ZSTD).progress(progress::add), out);
            assertEquals(out.size(), report.archiveBytes());
            assertEquals(EntryDigest.hexOf(out.toByteArray()), report.sha256());
            assertEquals(14, report.entries());
            assertEquals(reader.manifest().metadata().sizeBytes(), report.contentBytes());
            assertTrue(report.mac().isEmpty());
            Progress last = progress.get(progress.size() - 1);
            assertEquals(report.contentBytes(), last.bytes());
            assertEquals(OptionalLong.of(report.contentBytes()), last.totalBytes());
        }
    }

    @Test
    void oneDatasetCanBeExportedAlone() {
        BrowsableRepository from = Snapshots.sample();
        byte[] archive =
                Snapshots.export(from, ExportRequest.of(ArchiveFormat.TAR).datasets("proofs"));
        BrowsableRepository into = Snapshots.repository();
        SnapshotMetadata imported = SnapshotArchive.importSnapshot(in(archive), into, ImportRequest.of(scratch));
        assertEquals(
                List.of("proofs"),
                imported.datasets().stream().map(d -> d.name()).toList());
        assertEquals(6, imported.sizeBytes());
        assertThrows(
                InvalidValueException.class,
                () -> Snapshots.export(from, ExportRequest.of(ArchiveFormat.TAR).datasets("proofs", "none")));
    }

    @Test
    void verifyingReadsAllAndAnswersTheOriginal() {
        byte[] archive = Snapshots.export(Snapshots.sample(), ExportRequest.of(ArchiveFormat.TAR_GZIP));
        SnapshotMetadata original = SnapshotArchive.verify(in(archive), ImportRequest.of(scratch));
        assertEquals("hourly", original.schedule().orElseThrow());
        assertEquals(SnapshotId.of("snap-0"), original.parent().orElseThrow());
    }

    @Test
    void verifyingListsEveryEntryInTheOrderOfTheArchive() {
        BrowsableRepository from = Snapshots.repository();
        Snapshots.commit(
                from,
                Map.of(
                        "tree",
                        List.of(Snapshots.file("a", "1"), Snapshots.file("b/c", "22"), Snapshots.file("d", "")),
                        "none",
                        List.of()));
        List<String> found = new ArrayList<>();
        SnapshotArchive.verify(
                in(Snapshots.export(from, ExportRequest.of(ArchiveFormat.TAR))),
                ImportRequest.of(scratch),
                (dataset, path) -> found.add(dataset + ":" + path));
        assertEquals(List.of("tree:a", "tree:b/c", "tree:d"), found);
    }

    @Test
    void aDatasetWithOneFileAtItsRootAndAnEmptyDatasetComeBack() {
        BrowsableRepository from = Snapshots.repository();
        Snapshots.commit(from, Map.of("file", List.of(Snapshots.file("", "alone")), "none", List.of()));
        byte[] archive = Snapshots.export(from, ExportRequest.of(ArchiveFormat.TAR));
        BrowsableRepository into = Snapshots.repository();
        SnapshotArchive.importSnapshot(in(archive), into, ImportRequest.of(scratch));
        assertEquals(Snapshots.describe(from, "snap-1"), Snapshots.describe(into, "snap-1"));
    }

    @Test
    void whereTheLogOfADatasetStoodIsToldByTheArchiveAndByNoSnapshotThatIsImportedFromIt() {
        LogPosition position = new LogPosition("0123456789abcdef0123456789abcdef", 41);
        DatasetSummary logged =
                new DatasetSummary("db", "sqlite", true, 0, 0, Optional.empty(), Map.of(), Optional.of(position));
        BrowsableRepository from = Snapshots.repository();
        try (SnapshotWriter writer = from.begin(number -> SnapshotId.of("snap-1"))) {
            SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), Instant.EPOCH)
                    .sequence(writer.sequence())
                    .datasets(List.of(logged))
                    .build();
            writer.commit(new SnapshotManifest(metadata, Duration.ZERO, Map.of(), List.of()));
        }
        byte[] archive = Snapshots.export(from, ExportRequest.of(ArchiveFormat.TAR));
        assertEquals(
                Optional.of(position),
                SnapshotArchive.verify(in(archive), ImportRequest.of(scratch))
                        .dataset("db")
                        .orElseThrow()
                        .log());
        SnapshotMetadata imported =
                SnapshotArchive.importSnapshot(in(archive), Snapshots.repository(), ImportRequest.of(scratch));
        assertEquals(Optional.empty(), imported.dataset("db").orElseThrow().log());
    }

    @Test
    void theIdentityOfASourceIsNotCarriedAbout() {
        assertTrue(Snapshots.tree().stream()
                .anyMatch(e -> e.attributes().identity().isPresent()));
        assertTrue(Snapshots.tree().stream()
                .map(TarWriter::carried)
                .allMatch(e -> e.attributes().identity().isEmpty()));
    }

    @Test
    void pagedContentStaysPaged() {
        Entry paged = Entry.file(
                EntryPath.of("db"), 512, EntryAttributes.NONE, Paged.of(() -> in(Snapshots.noise(3, 512)), 4096));
        assertEquals("cairn no-mode no-modified page=4096", Note.of(paged).text());
        assertEquals(Note.of(paged), Note.parse(Note.of(paged).text()));
        assertEquals(Note.NONE, Note.parse("somebody's own comment"));
        assertThrows(IllegalArgumentException.class, () -> Note.parse("cairn page=1000"));
        assertThrows(IllegalArgumentException.class, () -> Note.parse("cairn something"));
    }

    @Test
    void anExportThatFailsLeavesNothingThatAnImportAccepts() {
        MemoryBlobStore store = new MemoryBlobStore();
        BrowsableRepository repository = BrowsableRepository.at(store);
        Snapshots.commit(repository, Map.of("tree", Snapshots.tree()));
        store.damage(BlobName.of("snap-1/snapshot/tree/d/big"), new byte[300_000]);
        for (ArchiveFormat format : ArchiveFormat.values()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (SnapshotReader reader = repository.read(SnapshotId.of("snap-1"))) {
                assertThrows(
                        DamagedSnapshotException.class,
                        () -> SnapshotArchive.export(reader, ExportRequest.of(format), out));
            }
            assertThrows(
                    DamagedArchiveException.class,
                    () -> SnapshotArchive.verify(in(out.toByteArray()), ImportRequest.of(scratch)));
        }
    }

    @Test
    void aStreamThatFailsIsAStoreFailure() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space");
            }
        };
        try (SnapshotReader reader = Snapshots.sample().read(SnapshotId.of("snap-1"))) {
            for (ArchiveFormat format : ArchiveFormat.values()) {
                assertThrows(
                        StoreException.class, () -> SnapshotArchive.export(reader, ExportRequest.of(format), full));
            }
        }
    }

    @Test
    void contentThatIsLongerThanItsEntryIsRefused() {
        Entry lying = Entry.file(EntryPath.of("f"), 3, EntryAttributes.NONE, () -> in(new byte[5]));
        TarWriter tar = new TarWriter(OutputStream.nullOutputStream(), SnapshotId.of("snap-1"));
        assertThrows(DamagedSnapshotException.class, () -> tar.entry("d", lying, new CancellationToken()));
        Entry bad = Entry.symlink(EntryPath.of("l"), EntryAttributes.NONE, "half a pair \ud800");
        assertThrows(InvalidValueException.class, () -> TarWriter.carried(bad));
    }

    @Test
    void cancellingStopsBothWaysAndLeavesNoSnapshot() {
        CancellationToken cancelled = new CancellationToken();
        byte[] archive = Snapshots.export(Snapshots.sample(), ExportRequest.of(ArchiveFormat.TAR));
        BrowsableRepository into = Snapshots.repository();
        cancelled.cancel();
        assertThrows(
                BackupCancelledException.class,
                () -> Snapshots.export(
                        Snapshots.sample(), ExportRequest.of(ArchiveFormat.TAR).cancellation(cancelled)));
        assertThrows(
                BackupCancelledException.class,
                () -> SnapshotArchive.importSnapshot(
                        in(archive), into, ImportRequest.of(scratch).cancellation(cancelled)));
        assertEquals(List.of(), into.list());
    }

    @Test
    void aListenerThatThrowsHarmsNothing() {
        byte[] archive = Snapshots.export(
                Snapshots.sample(), ExportRequest.of(ArchiveFormat.TAR).progress(progress -> {
                    throw new IllegalStateException("a listener's own trouble");
                }));
        assertEquals(
                "snap-1",
                SnapshotArchive.verify(in(archive), ImportRequest.of(scratch))
                        .id()
                        .value());
    }

    @Test
    void limitsAreKept() {
        byte[] archive = Snapshots.export(Snapshots.sample(), ExportRequest.of(ArchiveFormat.TAR));
        BrowsableRepository into = Snapshots.repository();
        assertThrows(
                LimitExceededException.class,
                () -> SnapshotArchive.importSnapshot(
                        in(archive), into, ImportRequest.of(scratch).mostBytes(300_000)));
        TestScratch small = scratch.quota(300_000);
        assertThrows(
                LimitExceededException.class,
                () -> SnapshotArchive.importSnapshot(in(archive), into, ImportRequest.of(small)));
        assertTrue(small.held().isEmpty());
        assertTrue(into.list().stream().noneMatch(s -> s instanceof dev.cairn.backup.spi.StoredSnapshot.Committed));
    }

    @Test
    void spooledContentIsReadTwiceAtOnceAndCheckedAgainstItsDigest() throws IOException {
        byte[] one = Snapshots.noise(4, 100_000);
        byte[] two = Snapshots.noise(5, 70_000);
        try (ContentSpool spool = new ContentSpool(scratch, 170_000)) {
            EntryContent first = spool.keep(in(one)::read, one.length, "one").content();
            EntryContent second = spool.keep(in(two)::read, two.length, "two").content();
            try (var again = second.open()) {
                assertArrayEquals(one, Snapshots.bytes(first));
                assertArrayEquals(two, again.readAllBytes());
                assertArrayEquals(two, Snapshots.bytes(second));
            }
            Path file = scratch.held().get(0);
            byte[] bytes = java.nio.file.Files.readAllBytes(file);
            bytes[150_000]++;
            java.nio.file.Files.write(file, bytes);
            assertArrayEquals(one, Snapshots.bytes(first));
            try (var rotten = second.open()) {
                assertThrows(IOException.class, rotten::readAllBytes);
            }
        }
        assertEquals(List.of(), scratch.held());
    }
}
