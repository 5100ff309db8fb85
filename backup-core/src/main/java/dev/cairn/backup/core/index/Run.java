package dev.cairn.backup.core.index;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.pack.Block;
import dev.cairn.backup.core.pack.PackId;
import java.util.List;
import java.util.function.Predicate;

/** Some packs and the places in them, in the order of the ids; places of one id in the order in which they were added. Immutable. */
final class Run {

    final PackTable packs;
    private final Places places;
    private final IdPrefixes prefixes;

    private Run(PackTable packs, Places places) {
        this.packs = packs;
        this.places = places;
        this.prefixes = IdPrefixes.of(places.high);
    }

    /** The run of packs that are in the order of their ids and all different. */
    static Run of(List<PackContents> sorted) {
        long size = 0;
        for (PackContents contents : sorted) {
            for (Block block : contents.directory().blocks()) {
                size += block.chunks().length;
            }
        }
        Places unsorted = new Places(Math.toIntExact(size));
        int number = 0;
        for (PackContents contents : sorted) {
            for (Block block : contents.directory().blocks()) {
                int offset = 0;
                for (int i = 0; i < block.chunks().length; i++) {
                    unsorted.add(block.chunks()[i], number, offset, block.lengths()[i]);
                    offset += block.lengths()[i];
                }
                number++;
            }
        }
        Places places = new Places(unsorted.size());
        for (int from : PlaceOrder.of(unsorted)) {
            places.add(unsorted, from, unsorted.block[from]);
        }
        return new Run(PackTable.of(sorted), places);
    }

    /** The places of two runs that share no pack; for equal ids those of the older one come first. */
    static Run merge(Run older, Run newer) {
        int[] olderBlocks = new int[older.packs.blocks()];
        int[] newerBlocks = new int[newer.packs.blocks()];
        PackTable packs = PackTable.merge(older.packs, newer.packs, olderBlocks, newerBlocks);
        Places left = older.places;
        Places right = newer.places;
        Places both = new Places(Math.addExact(left.size(), right.size()));
        int l = 0;
        int r = 0;
        while (l < left.size() || r < right.size()) {
            if (r == right.size() || (l < left.size() && Places.compare(left, l, right, r) <= 0)) {
                both.add(left, l, olderBlocks[left.block[l]]);
                l++;
            } else {
                both.add(right, r, newerBlocks[right.block[r]]);
                r++;
            }
        }
        return new Run(packs, both);
    }

    /** This run without some packs; this one itself if it has none of them. */
    Run without(Predicate<PackId> gone) {
        int[] renumbered = new int[packs.blocks()];
        PackTable rest = packs.without(gone, renumbered);
        if (rest.ids.length == packs.ids.length) {
            return this;
        }
        int left = 0;
        for (int each : places.block) {
            left += renumbered[each] < 0 ? 0 : 1;
        }
        Places kept = new Places(left);
        for (int i = 0; i < places.size(); i++) {
            if (renumbered[places.block[i]] >= 0) {
                kept.add(places, i, renumbered[places.block[i]]);
            }
        }
        return new Run(rest, kept);
    }

    int size() {
        return places.size();
    }

    /** The position of the id's first place, or -1. */
    int first(ChunkId id) {
        int prefix = prefixes.prefix(id.a());
        int from = prefixes.start(prefix);
        int to = prefixes.start(prefix + 1);
        int end = to;
        while (from < to) {
            int middle = (from + to) >>> 1;
            int order = Long.compareUnsigned(places.high[middle], id.a());
            if (order < 0 || (order == 0 && Long.compareUnsigned(places.low[middle], id.b()) < 0)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from < end && places.high[from] == id.a() && places.low[from] == id.b() ? from : -1;
    }

    /** The position of the next place of the same id, or -1. */
    int next(int position) {
        int next = position + 1;
        return next < size() && Places.compare(places, position, places, next) == 0 ? next : -1;
    }

    ChunkPlace place(int position) {
        return packs.place(places.block[position], places.offset[position], places.length[position]);
    }

    /** The position in {@link #packs} of the pack that has the place. */
    int packOf(int position) {
        return packs.packOf(places.block[position]);
    }

    int lengthOf(int position) {
        return places.length[position];
    }

    long heapBytes() {
        return (long) size() * Places.BYTES + packs.heapBytes() + prefixes.heapBytes();
    }
}
