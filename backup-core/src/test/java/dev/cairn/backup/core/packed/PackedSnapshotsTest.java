package dev.cairn.backup.core.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.testkit.FaultyBlobStore;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host gets from a packed repository, over a store in memory. */
class PackedSnapshotsTest {

    private static final int MIB = 1 << 20;

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final PackedRepository repository = Packed.at(store);
    private final Tree tree = new Tree();

    @AfterEach
    void close() {
        repository.close();
    }

    private long stored() {
        return store.list("").stream().mapToLong(BlobInfo::size).sum();
    }

    @Test
    void filesThatTheParentHasUnchangedAreNeverOpened() {
        tree.put("a", "one").put("b/c", "two").put("b/d", "three");
        tree.snapshot(repository, "first", null);
        tree.forgetOpened().put("b/c", "changed").put("new", "four");
        tree.snapshot(repository, "second", "first");
        assertEquals(List.of("b/c", "new"), tree.opened());
        assertEquals(tree.contents(), Tree.read(repository, "second"));
    }

    @Test
    void aFileThatChangedShortlyBeforeTheParentsCutIsReadAgain() {
        tree.put("a", "one").touchedAt("a", Tree.CUT.minusMillis(1_900));
        tree.put("b", "two").touchedAt("b", Tree.CUT.minusMillis(2_100));
        tree.snapshot(repository, "first", null);
        tree.forgetOpened().snapshot(repository, "second", "first");
        assertEquals(List.of("a"), tree.opened());
    }

    @Test
    void aFileWithoutIdentityIsReadAgain() {
        tree.put("a", "one").withoutIdentity("a");
        tree.snapshot(repository, "first", null);
        tree.forgetOpened().snapshot(repository, "second", "first");
        assertEquals(List.of("a"), tree.opened());
    }

    @Test
    void aParentThatIsGoneOnlyCostsReading() {
        tree.put("a", "one");
        tree.snapshot(repository, "first", "never-was");
        assertEquals(tree.contents(), Tree.read(repository, "first"));
    }

    @Test
    void equalContentIsStoredOnce() {
        byte[] noise = Tree.noise(1, 3 * MIB);
        tree.put("a", noise);
        tree.snapshot(repository, "first", null);
        long before = stored();
        tree.put("copy", noise).put("deeper/copy", noise);
        tree.snapshot(repository, "second", null);
        assertTrue(stored() - before < 20_000, "two more copies took " + (stored() - before) + " bytes");
        assertEquals(tree.contents(), Tree.read(repository, "second"));
    }

    @Test
    void anInsertionIntoALargeFileCostsItsSurroundings() {
        byte[] noise = Tree.noise(2, 24 * MIB);
        tree.put("large", noise);
        tree.snapshot(repository, "first", null);
        long before = stored();
        byte[] longer = new byte[noise.length + 7];
        System.arraycopy(noise, 0, longer, 0, 5 * MIB);
        System.arraycopy(noise, 5 * MIB, longer, 5 * MIB + 7, noise.length - 5 * MIB);
        tree.put("large", longer);
        tree.snapshot(repository, "second", null);
        assertTrue(stored() - before < 9 * MIB, "7 bytes more took " + (stored() - before));
        assertEquals(tree.contents(), Tree.read(repository, "second"));
    }

    @Test
    void textIsCompressedAcrossFiles() {
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            tree.put(
                    "f" + i,
                    ("public final class Name" + random.nextInt() + " { private final int size; }\n").repeat(9));
        }
        tree.snapshot(repository, "first", null);
        long packs = store.list("packs").stream().mapToLong(BlobInfo::size).sum();
        assertTrue(packs * 5 < tree.bytes(), packs + " bytes for " + tree.bytes());
    }

    @Test
    void aChangedPageCostsAPage() {
        byte[] pages = Tree.noise(4, 8 * MIB);
        tree.paged("db", pages, 4096);
        tree.snapshot(repository, "first", null);
        for (int round = 0; round < 5; round++) {
            long before = stored();
            Random random = new Random(round);
            for (int i = 0; i < 10; i++) {
                pages[random.nextInt(pages.length)] ^= 0x55;
            }
            tree.paged("db", pages, 4096);
            tree.snapshot(repository, "round" + round, round == 0 ? "first" : "round" + (round - 1));
            assertTrue(stored() - before < 200_000, "10 pages took " + (stored() - before) + " in round " + round);
            assertEquals(tree.contents(), Tree.read(repository, "round" + round));
        }
    }

    @Test
    void pagedContentGrowsShrinksAndChangesItsPageSize() {
        Random random = new Random(5);
        int[] sizes = {0, 1, 4096, 4097, 3 * MIB, 3 * MIB + 5, 2 * MIB, 0, 65_536 * 3};
        int[] pageSizes = {512, 512, 512, 512, 512, 1024, 1024, 1024, 65_536};
        byte[] all = Tree.noise(6, 4 * MIB);
        String parent = null;
        for (int i = 0; i < sizes.length; i++) {
            for (int change = 0; change < 300; change++) {
                all[random.nextInt(all.length)]++;
            }
            tree.paged("db", java.util.Arrays.copyOf(all, sizes[i]), pageSizes[i]);
            tree.snapshot(repository, "s" + i, parent);
            parent = "s" + i;
            assertEquals(tree.contents(), Tree.read(repository, parent), "step " + i);
        }
        for (int i = 0; i < sizes.length; i++) {
            assertEquals(sizes[i], Tree.read(repository, "s" + i).get("db").length(), "still " + i);
        }
    }

    @Test
    void aFragmentedPagedContentIsPutTogetherAnew() {
        byte[] pages = Tree.noise(7, 2 * MIB);
        tree.paged("db", pages, 512);
        tree.snapshot(repository, "s0", null);
        Random random = new Random(8);
        for (int i = 1; i <= 40; i++) {
            for (int change = 0; change < 60; change++) {
                pages[random.nextInt(pages.length)]++;
            }
            tree.paged("db", pages, 512);
            tree.snapshot(repository, "s" + i, "s" + (i - 1));
        }
        assertEquals(tree.contents(), Tree.read(repository, "s40"));
    }

    @Test
    void nothingInTheStoreShowsAPathANameOrAByteOfContent() {
        String secret = "the-plaintext-of-a-secret-content";
        tree.put("a-folder-name/a-file-name.txt", secret.repeat(50)).put("noise", Tree.noise(9, 5_000));
        tree.snapshot(repository, "first", null);
        repository.mark(
                dev.cairn.backup.SnapshotId.of("first"),
                new dev.cairn.backup.spi.Mark(
                        dev.cairn.backup.spi.Mark.Kind.PINNED, "me", Tree.CUT, "a-reason-in-words"));
        for (BlobInfo blob : store.list("")) {
            String raw = new String(store.bytes(blob.name()), StandardCharsets.ISO_8859_1) + blob.name();
            for (String known :
                    List.of("a-folder", "a-file", "plaintext", "tree-dataset", "a-reason", "noise", "größe")) {
                assertFalse(raw.contains(known), blob.name() + " shows " + known);
            }
            assertFalse(
                    raw.contains(new String(Tree.noise(9, 5_000), 100, 16, StandardCharsets.ISO_8859_1)),
                    () -> blob.name() + " shows content");
        }
    }

    @Test
    void sizesAreHiddenByPadding() {
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            MemoryBlobStore one = new MemoryBlobStore();
            try (PackedRepository padded = Packed.at(one)) {
                Tree noise = new Tree();
                noise.put("f", Tree.noise(10, 60_000 + i));
                noise.snapshot(padded, "first", null);
                sizes.add(one.list("packs").get(0).size());
            }
        }
        assertEquals(1, sizes.stream().distinct().count(), "packs of 60 000 to 60 007 bytes have sizes " + sizes);
    }

    @Test
    void aCancelledSnapshotLeavesOnlyGarbageForTheSweep() {
        tree.put("a", Tree.noise(11, 3 * MIB));
        for (int i = 0; i < 50; i++) {
            tree.put("b" + i, Tree.noise(12 + i, 200_000));
        }
        CancellationToken token = new CancellationToken();
        tree.onOpen("b30", token::cancel);
        assertThrows(BackupCancelledException.class, () -> tree.snapshot(repository, "first", null, token));
        assertEquals(List.of(), store.list("snapshots"));
        assertEquals(List.of(), store.list("sessions"));
        repository.maintenance().orElseThrow().sweep(dev.cairn.backup.SweepRequest.defaults());
        assertEquals(List.of(), store.list("packs"));
        assertEquals(List.of(), store.list("index"));
    }

    @Test
    void contentThatIsMissingFromTheStoreIsStoredAgainByTheNextSnapshot() {
        tree.put("a", Tree.noise(13, 100_000)).put("b", "text");
        tree.snapshot(repository, "first", null);
        store.list("packs").forEach(pack -> store.delete(pack.name()));
        tree.snapshot(repository, "second", "first");
        assertEquals(tree.contents(), Tree.read(repository, "second"));
        assertEquals(tree.contents(), Tree.read(repository, "first"), "its chunks are back too");
    }

    @Test
    void partsOfASnapshotAreReadByTheirPath() {
        for (int i = 0; i < 3_000; i++) {
            tree.put("folder" + i % 30 + "/file" + i, "content " + i);
        }
        tree.snapshot(repository, "first", null);
        FaultyBlobStore counting = FaultyBlobStore.over(store);
        try (PackedRepository other = Packed.at(counting);
                var reader = other.read(dev.cairn.backup.SnapshotId.of("first"));
                var cursor = reader.dataset(Tree.NAME).entries(EntryPath.of("folder7"))) {
            List<String> found = new ArrayList<>();
            for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                found.add(entry.path().value());
            }
            assertEquals(100, found.size());
            assertTrue(found.stream().allMatch(path -> path.startsWith("folder7/")), found.toString());
        }
    }

    @Test
    void contentsComeInAnyOrderAndWhole() throws Exception {
        tree.put("large", Tree.noise(14, 9 * MIB))
                .put("twin", Tree.noise(14, 9 * MIB))
                .put("empty", "");
        for (int i = 0; i < 300; i++) {
            tree.put("small" + i, Tree.noise(100 + i % 50, 5_000 + i % 50));
        }
        tree.snapshot(repository, "first", null);
        tree.put("small7", "other");
        tree.snapshot(repository, "second", "first");
        try (var reader = repository.read(dev.cairn.backup.SnapshotId.of("second"))) {
            var dataset = reader.dataset(Tree.NAME);
            List<Entry> files = new ArrayList<>();
            try (var cursor = dataset.entries()) {
                for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                    files.add(entry);
                }
            }
            java.util.Collections.shuffle(files, new Random(1));
            byte[][] got = new byte[files.size()][];
            for (int i = 0; i < got.length; i++) {
                got[i] = new byte[(int) files.get(i).size()];
            }
            long[] delivered = new long[1];
            dataset.contents(
                    files,
                    (file, position, bytes, offset, length) -> {
                        System.arraycopy(bytes, offset, got[file], (int) position, length);
                        synchronized (delivered) {
                            delivered[0] += length;
                        }
                    },
                    new CancellationToken());
            Map<String, String> whole = new TreeMap<>();
            for (int i = 0; i < got.length; i++) {
                whole.put(files.get(i).path().value(), new String(got[i], StandardCharsets.ISO_8859_1));
            }
            assertEquals(tree.contents(), whole);
            assertEquals(tree.bytes(), delivered[0], "no piece twice");
        }
    }

    @Test
    void aCopyGoesOnWhereItWasAndHoldsEverySnapshot() throws Exception {
        tree.put("a", Tree.noise(15, 400_000)).put("b", "text");
        tree.snapshot(repository, "first", null);
        Map<String, String> first = tree.contents();
        tree.put("b", "other").put("c", Tree.noise(16, 300_000));
        tree.snapshot(repository, "second", "first");
        repository.mark(
                dev.cairn.backup.SnapshotId.of("first"),
                new dev.cairn.backup.spi.Mark(dev.cairn.backup.spi.Mark.Kind.PINNED, "me", Tree.CUT, "why"));
        boolean done = false;
        MemoryBlobStore target = new MemoryBlobStore();
        for (int call = 1; !done; call += 3) {
            FaultyBlobStore faulty = FaultyBlobStore.over(target);
            faulty.failFrom(call);
            try {
                repository.copyTo(faulty, ProgressListener.NONE, new CancellationToken());
                done = true;
            } catch (dev.cairn.backup.StoreException interrupted) {
                assertTrue(call < 200, "a copy of two snapshots ends");
            }
            if (target.stat(dev.cairn.backup.spi.BlobName.of("cairn.json")).isPresent()) {
                try (PackedRepository partial = Packed.at(target)) {
                    for (var snapshot : partial.list()) {
                        if (snapshot instanceof dev.cairn.backup.spi.StoredSnapshot.Committed) {
                            Tree.read(partial, snapshot.id().value());
                        }
                    }
                }
            }
        }
        try (PackedRepository copy = Packed.at(target)) {
            assertEquals(first, Tree.read(copy, "first"));
            assertEquals(tree.contents(), Tree.read(copy, "second"));
            assertEquals(1, copy.marks(dev.cairn.backup.SnapshotId.of("first")).size());
            tree.put("d", "more");
            tree.snapshot(copy, "third", "second");
            assertEquals(tree.contents(), Tree.read(copy, "third"));
        }
        CopyReport again = repository.copyTo(target, ProgressListener.NONE, new CancellationToken());
        assertEquals(0, again.blobs());
    }

    @Test
    void aDamagedPackIsNotCopied() {
        tree.put("a", Tree.noise(17, 100_000));
        tree.snapshot(repository, "first", null);
        var pack = store.list("packs").get(0).name();
        byte[] bytes = store.bytes(pack).clone();
        bytes[5_000] ^= 1;
        store.damage(pack, bytes);
        MemoryBlobStore target = new MemoryBlobStore();
        BackupException thrown = assertThrows(
                BackupException.class, () -> repository.copyTo(target, ProgressListener.NONE, new CancellationToken()));
        assertTrue(thrown.getMessage().contains(pack.value()), thrown.getMessage());
        assertTrue(target.stat(pack).isEmpty());
    }

    @Test
    void aCopyOntoAnotherRepositoryIsRefused() {
        tree.put("a", "x");
        tree.snapshot(repository, "first", null);
        MemoryBlobStore target = new MemoryBlobStore();
        try (PackedRepository other = Packed.at(target)) {
            other.open();
        }
        assertThrows(
                ConfigurationException.class,
                () -> repository.copyTo(target, ProgressListener.NONE, new CancellationToken()));
    }

    @Test
    void theSameBytesComeBackAsWereGiven() {
        byte[] all = new byte[2 * MIB + 3];
        new Random(18).nextBytes(all);
        tree.put("x", all);
        tree.snapshot(repository, "first", null);
        assertArrayEquals(all, Tree.read(repository, "first").get("x").getBytes(StandardCharsets.ISO_8859_1));
    }
}
