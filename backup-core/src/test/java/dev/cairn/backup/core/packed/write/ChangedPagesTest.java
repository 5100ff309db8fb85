package dev.cairn.backup.core.packed.write;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.packed.Packed;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.core.packed.Tree;
import dev.cairn.backup.core.packed.read.PackedReader;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** What a source says of its changes saves reading the rest, and changes nothing of what is stored. */
class ChangedPagesTest {

    private static final int MIB = 1 << 20;

    private final MemoryBlobStore blobs = new MemoryBlobStore();
    private final LoggedPages pages = new LoggedPages(4096);

    @Test
    void onlyThePagesThatChangedAreRead() throws IOException {
        try (PackedRepository repository = Packed.at(blobs)) {
            byte[] content = Tree.noise(1, 8 * MIB);
            pages.commit(content, Set.of()).snapshot(repository, "s1", null, true);
            assertEquals(1, pages.opened, "the first is read whole");
            content[5 * 4096 + 7]++;
            content[700 * 4096]++;
            pages.commit(content, Set.of(44)).snapshot(repository, "s2", "s1", true);
            assertEquals(0, pages.opened);
            assertEquals(List.of(5, 44, 700), pages.read.stream().sorted().toList());
            assertArrayEquals(content, read(repository, "s2"));
        }
    }

    @Test
    void nothingIsReadOfAContentThatDidNotChange() throws IOException {
        try (PackedRepository repository = Packed.at(blobs)) {
            byte[] content = Tree.noise(1, 3 * MIB);
            pages.commit(content, Set.of()).snapshot(repository, "s1", null, true);
            pages.snapshot(repository, "s2", "s1", true);
            assertEquals(0, pages.opened);
            assertEquals(List.of(), pages.read);
            assertEquals(roots(repository, "s1"), roots(repository, "s2"));
        }
    }

    /** The twin is taken from the same parent of a source that tells nothing: equal roots are equal extents and hashes of every page. */
    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void whatIsStoredIsExactlyWhatReadingTheWholeContentGives(@ForAll Random random) throws IOException {
        int pageSize = 512 << random.nextInt(4);
        LoggedPages source = new LoggedPages(pageSize);
        int most = 3 * MIB / pageSize;
        boolean saved = false;
        try (PackedRepository repository = Packed.at(new MemoryBlobStore())) {
            source.commit(Tree.noise(random.nextLong(), (1 + random.nextInt(most)) * pageSize), Set.of())
                    .snapshot(repository, "s0", null, true);
            for (int step = 1; step <= 8; step++) {
                change(source, random, most);
                source.snapshot(repository, "s" + step, "s" + (step - 1), true);
                saved |= source.opened == 0;
                source.snapshot(repository, "twin" + step, "s" + (step - 1), false);
                assertEquals(roots(repository, "twin" + step), roots(repository, "s" + step), "step " + step);
                assertArrayEquals(source.bytes(), read(repository, "s" + step), "step " + step);
            }
        }
        // A single run may draw nothing but small contents and large changes; that most do not is what makes the
        // comparison worth something.
        Statistics.label("changes were enough")
                .collect(saved)
                .coverage(cases -> cases.check(true).percentage(share -> share > 25));
    }

    /** Now a few pages, now many; scattered or in one place; and now and then another size. */
    private static void change(LoggedPages source, Random random, int most) {
        int pageSize = source.pageSize;
        int count = Math.max(1, source.pages());
        int size = random.nextInt(4) > 0 ? count : Math.max(1, Math.min(most, count + random.nextInt(41) - 20));
        byte[] now = Arrays.copyOf(source.bytes(), size * pageSize);
        int changes = random.nextBoolean() ? random.nextInt(20) : random.nextInt(1 + size / 3);
        int from = random.nextBoolean() ? 0 : random.nextInt(size);
        int room = random.nextBoolean() ? size - from : Math.min(size - from, 1 + 2 * changes);
        for (int i = 0; i < changes; i++) {
            now[(from + random.nextInt(room)) * pageSize + random.nextInt(pageSize)]++;
        }
        Set<Integer> rewritten = new HashSet<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            rewritten.add(random.nextInt(size));
        }
        source.commit(now, rewritten);
    }

    @Test
    void aContentThatChangedMostlyIsReadWhole() throws IOException {
        try (PackedRepository repository = Packed.at(blobs)) {
            pages.commit(Tree.noise(3, MIB), Set.of()).snapshot(repository, "s1", null, true);
            byte[] other = Tree.noise(4, MIB);
            pages.commit(other, Set.of()).snapshot(repository, "s2", "s1", true);
            assertEquals(1, pages.opened);
            assertArrayEquals(other, read(repository, "s2"));
        }
    }

    @Test
    void whatTheRepositoryHasLostIsReadFromTheSource() throws IOException {
        byte[] content = Tree.noise(5, 2 * MIB);
        try (PackedRepository repository = Packed.at(blobs)) {
            pages.commit(content, Set.of()).snapshot(repository, "s1", null, true);
            content[9]++;
            pages.commit(content, Set.of()).snapshot(repository, "s2", "s1", true);
            assertEquals(0, pages.opened);
        }
        BlobInfo largest = blobs.list("packs").stream()
                .reduce((a, b) -> a.size() > b.size() ? a : b)
                .orElseThrow();
        blobs.delete(largest.name());
        try (PackedRepository repository = Packed.at(blobs)) {
            content[10]++;
            pages.commit(content, Set.of()).snapshot(repository, "s3", "s2", true);
            assertArrayEquals(content, read(repository, "s3"));
        }
    }

    /** A group of one chunk, of which ever less is live, until the rest is to be written anew and turns out to be damaged. */
    @Test
    void whatTheRepositoryCannotReadIsReadFromTheSource() throws IOException {
        byte[] content = Tree.noise(6, MIB);
        try (PackedRepository repository = Packed.at(blobs)) {
            pages.commit(content, Set.of()).snapshot(repository, "s1", null, true);
        }
        damage(blobs.list("packs").get(0), 100_000, 900_000);
        try (PackedRepository repository = Packed.at(blobs)) {
            for (int round = 1; round <= 5; round++) {
                for (int page = 0; page < 40; page++) {
                    content[(40 * round + page) * 4096]++;
                }
                pages.commit(content, Set.of())
                        .snapshot(repository, "r" + round, round == 1 ? "s1" : "r" + (round - 1), true);
            }
            assertEquals(1, pages.opened, "the last is read whole");
            assertArrayEquals(content, read(repository, "r5"));
        }
    }

    /** Beyond the first frames, where the chunk is and the directory is not. */
    private void damage(BlobInfo pack, int from, int to) {
        byte[] stored = blobs.readRange(pack.name(), 0, (int) pack.size());
        for (int i = from; i < to; i += 5_000) {
            stored[i] ^= 1;
        }
        blobs.delete(pack.name());
        blobs.putIfAbsent(pack.name(), BlobContent.of(stored));
    }

    @Test
    void aSourceThatForgetsNewPagesIsReadWhole() throws IOException {
        try (PackedRepository repository = Packed.at(blobs)) {
            byte[] content = Tree.noise(7, 4 * MIB);
            pages.commit(Arrays.copyOf(content, 3 * MIB), Set.of()).snapshot(repository, "s1", null, true);
            pages.lastTold = 3 * MIB / 4096 + 1;
            pages.commit(content, Set.of()).snapshot(repository, "s2", "s1", true);
            assertEquals(1, pages.opened);
            assertArrayEquals(content, read(repository, "s2"));
        }
    }

    @Test
    void aChangedPageThatCannotBeReadFailsTheSnapshotByName() {
        try (PackedRepository repository = Packed.at(blobs)) {
            byte[] content = Tree.noise(8, MIB);
            pages.commit(content, Set.of()).snapshot(repository, "s1", null, true);
            content[0]++;
            pages.commit(content, Set.of());
            pages.failure = new IOException("the disk is on fire");
            SourceException failed =
                    assertThrows(SourceException.class, () -> pages.snapshot(repository, "s2", "s1", true));
            assertTrue(failed.getMessage().contains("on fire"), failed.getMessage());
            assertEquals(1, repository.list().size());
        }
    }

    private static Map<String, ChunkId> roots(PackedRepository repository, String id) {
        try (PackedReader reader = (PackedReader) repository.read(SnapshotId.of(id))) {
            return reader.packedManifest().roots();
        }
    }

    private static byte[] read(PackedRepository repository, String id) throws IOException {
        try (PackedReader reader = (PackedReader) repository.read(SnapshotId.of(id));
                EntryCursor cursor = reader.dataset(LoggedPages.NAME).entries()) {
            Entry entry = cursor.next();
            try (InputStream in = entry.content().open()) {
                return in.readAllBytes();
            }
        }
    }

    /** Pages of two groups were gathered in one chunk. One of the groups is put together anew, which shows that the chunk is damaged: what the other group has in it is read from the source too. */
    @Test
    void aChunkThatCouldNotBeReadIsNotContinued() throws IOException {
        byte[] content = Tree.noise(9, 4 * MIB);
        Set<String> first;
        try (PackedRepository repository = Packed.at(blobs)) {
            pages.commit(content, Set.of()).snapshot(repository, "s1", null, true);
            first = packs();
            for (int page = 0; page < 118; page++) { // 256 in all, so that the chunk has a block of its own.
                content[(256 + page) * 4096]++;
                content[(512 + page) * 4096]++;
                content[page % 20 * 4096] = 0;
            }
            pages.commit(content, Set.of()).snapshot(repository, "s2", "s1", true);
            assertEquals(0, pages.opened);
        }
        blobs.list("packs").stream()
                .filter(pack -> !first.contains(pack.name().value()))
                .forEach(pack -> damage(pack, 20_000, 900_000));
        try (PackedRepository repository = Packed.at(blobs)) {
            for (int page = 100; page < 230; page++) {
                content[page * 4096]++;
            }
            pages.commit(content, Set.of()).snapshot(repository, "s3", "s2", true);
            assertEquals(1, pages.opened, "it is read whole");
            assertArrayEquals(content, read(repository, "s3"));
        }
    }

    private Set<String> packs() {
        Set<String> names = new HashSet<>();
        blobs.list("packs").forEach(pack -> names.add(pack.name().value()));
        return names;
    }
}
