package dev.cairn.backup.core.index;

import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackDirectory;
import dev.cairn.backup.core.pack.PackId;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Packs in the order of their ids and their blocks, numbered through all packs in the order of each pack. Immutable.
 *
 * <p>A block takes 8 bytes: its pack is found from its number, and where its stored bytes end is where the next block begins.
 */
final class PackTable {

    /** Of the raw bytes of a block; they have at most 25 bits. */
    private static final int ZSTD = 1 << 31;

    /** What an id takes: the record, its string and the string's 64 bytes, with compressed references. */
    private static final int ID_BYTES = 16 + 24 + 16 + 2 * PackId.BYTES;

    final PackId[] ids;
    final long[] sizes;
    /** The number of each pack's first block, and one more: the number of blocks. */
    final int[] firstBlock;
    /** Where the last block of each pack ends. */
    private final int[] ends;

    private final int[] offsets;
    private final int[] raws;

    private PackTable(int packs, int blocks) {
        ids = new PackId[packs];
        sizes = new long[packs];
        firstBlock = new int[packs + 1];
        ends = new int[packs];
        offsets = new int[blocks];
        raws = new int[blocks];
    }

    /** The table of packs that are in the order of their ids and all different. */
    static PackTable of(List<PackContents> sorted) {
        long blocks = 0;
        for (PackContents contents : sorted) {
            blocks += contents.directory().blocks().size();
        }
        PackTable table = new PackTable(sorted.size(), Math.toIntExact(blocks));
        int block = 0;
        for (int i = 0; i < table.ids.length; i++) {
            PackDirectory directory = sorted.get(i).directory();
            table.ids[i] = sorted.get(i).pack();
            table.sizes[i] = sorted.get(i).size();
            table.ends[i] = directory.blockBytes();
            for (Block each : directory.blocks()) {
                table.offsets[block] = each.offset();
                table.raws[block++] = each.raw() | (each.zstd() ? ZSTD : 0);
            }
            table.firstBlock[i + 1] = block;
        }
        return table;
    }

    /**
     * The packs of two tables that share none.
     *
     * @param leftBlocks takes the new number of each block of {@code left}
     * @param rightBlocks takes the new number of each block of {@code right}
     */
    static PackTable merge(PackTable left, PackTable right, int[] leftBlocks, int[] rightBlocks) {
        PackTable both =
                new PackTable(left.ids.length + right.ids.length, Math.addExact(left.blocks(), right.blocks()));
        int l = 0;
        int r = 0;
        for (int i = 0; i < both.ids.length; i++) {
            boolean fromLeft =
                    r == right.ids.length || (l < left.ids.length && left.ids[l].compareTo(right.ids[r]) < 0);
            if (fromLeft) {
                both.copy(i, left, l++, leftBlocks);
            } else {
                both.copy(i, right, r++, rightBlocks);
            }
        }
        return both;
    }

    /**
     * The packs that {@code gone} does not name.
     *
     * @param renumbered takes the new number of each block, or -1
     */
    PackTable without(Predicate<PackId> gone, int[] renumbered) {
        Arrays.fill(renumbered, -1);
        boolean[] kept = new boolean[ids.length];
        int packs = 0;
        int blocks = 0;
        for (int i = 0; i < ids.length; i++) {
            kept[i] = !gone.test(ids[i]);
            packs += kept[i] ? 1 : 0;
            blocks += kept[i] ? firstBlock[i + 1] - firstBlock[i] : 0;
        }
        PackTable rest = new PackTable(packs, blocks);
        int at = 0;
        for (int i = 0; i < ids.length; i++) {
            if (kept[i]) {
                rest.copy(at++, this, i, renumbered);
            }
        }
        return rest;
    }

    private void copy(int to, PackTable source, int from, int[] renumbered) {
        ids[to] = source.ids[from];
        sizes[to] = source.sizes[from];
        ends[to] = source.ends[from];
        int first = firstBlock[to];
        int begin = source.firstBlock[from];
        int count = source.firstBlock[from + 1] - begin;
        System.arraycopy(source.offsets, begin, offsets, first, count);
        System.arraycopy(source.raws, begin, raws, first, count);
        for (int i = 0; i < count; i++) {
            renumbered[begin + i] = first + i;
        }
        firstBlock[to + 1] = first + count;
    }

    int blocks() {
        return offsets.length;
    }

    /** The position of a pack, or negative. */
    int find(PackId pack) {
        return Arrays.binarySearch(ids, pack);
    }

    /** The position of the pack that has the block. */
    int packOf(int block) {
        int low = 0;
        int high = ids.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (firstBlock[middle] <= block) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    ChunkPlace place(int block, int offset, int length) {
        int pack = packOf(block);
        int end = block + 1 < firstBlock[pack + 1] ? offsets[block + 1] : ends[pack];
        int start = offsets[block];
        return new ChunkPlace(
                ids[pack], start, end - start, raws[block] & ~ZSTD, (raws[block] & ZSTD) != 0, offset, length);
    }

    /** Raw bytes of all blocks of the pack at a position. */
    long rawBytes(int pack) {
        long sum = 0;
        for (int block = firstBlock[pack]; block < firstBlock[pack + 1]; block++) {
            sum += raws[block] & ~ZSTD;
        }
        return sum;
    }

    long heapBytes() {
        return ids.length * (4L + ID_BYTES + 8 + 4) + 4L * firstBlock.length + 8L * blocks();
    }
}
