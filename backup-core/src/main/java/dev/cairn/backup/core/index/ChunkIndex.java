package dev.cairn.backup.core.index;

import dev.cairn.backup.core.chunk.ChunkId;
import dev.cairn.backup.core.pack.PackId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which chunk lies where, for all packs that it was told of. Immutable and thread-safe; at most 50 bytes of heap a chunk.
 *
 * <p>It is a few sorted runs, each at least {@value #GROWTH} times as long as the next newer one, so that adding little to much merges
 * little. What it knows of an id are 16 of its 32 bytes (see {@link Places}): it says where a chunk is, it cannot list the ids.
 */
public final class ChunkIndex implements ChunkLookup {

    private static final int GROWTH = 4;

    private static final ChunkIndex EMPTY = new ChunkIndex(List.of(), pack -> false);

    private final Run[] runs;

    private final Predicate<PackId> avoided;

    private ChunkIndex(List<Run> runs, Predicate<PackId> avoided) {
        this.runs = runs.toArray(new Run[0]);
        this.avoided = avoided;
    }

    /** An index of nothing. */
    public static ChunkIndex empty() {
        return EMPTY;
    }

    /**
     * This index and more packs. A pack that is known already, or given twice, is taken as it was told of first. Costs about the number
     * of chunks added, times the logarithm of all when averaged over many calls.
     */
    public ChunkIndex plus(List<PackContents> more) {
        Set<PackId> seen = new HashSet<>();
        List<PackContents> added = new ArrayList<>(more.size());
        for (PackContents contents : more) {
            if (packSize(contents.pack()).isEmpty() && seen.add(contents.pack())) {
                added.add(contents);
            }
        }
        if (added.isEmpty()) {
            return this;
        }
        added.sort(Comparator.comparing(PackContents::pack));
        List<Run> grown = new ArrayList<>(Arrays.asList(runs));
        grown.add(Run.of(added));
        int last = grown.size() - 1;
        while (last > 0 && grown.get(last - 1).size() / GROWTH < grown.get(last).size()) {
            Run newer = grown.remove(last--);
            grown.set(last, Run.merge(grown.get(last), newer));
        }
        return new ChunkIndex(grown, avoided);
    }

    /** This index without some packs and all places in them. */
    public ChunkIndex without(Predicate<PackId> gone) {
        List<Run> left = new ArrayList<>();
        for (Run run : runs) {
            Run rest = run.without(gone);
            if (rest.packs.ids.length > 0) {
                left.add(rest);
            }
        }
        return new ChunkIndex(left, avoided);
    }

    /**
     * The same data, but {@link #find} prefers places in packs that are not avoided, and takes the others where there is none. Replaces
     * what was avoided before; indexes made from this one avoid the same.
     *
     * @param packs asked at each search that finds several places; must always answer the same and be thread-safe
     */
    public ChunkIndex avoiding(Predicate<PackId> packs) {
        return new ChunkIndex(Arrays.asList(runs), packs);
    }

    /** The same data in one run, for {@link #ordinal}; this index itself if it is so already. */
    public ChunkIndex compact() {
        if (runs.length < 2) {
            return this;
        }
        // From the shortest on, so that no place moves more often than it must.
        Run all = runs[runs.length - 1];
        for (int i = runs.length - 2; i >= 0; i--) {
            all = Run.merge(runs[i], all);
        }
        return new ChunkIndex(List.of(all), avoided);
    }

    /** Whether there is a place of the chunk. Allocates nothing. */
    @Override
    public boolean contains(ChunkId id) {
        for (Run run : runs) {
            if (run.first(id) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where to read the chunk: the first place that was added and is in no avoided pack, else the first of all, else null. Of packs that
     * were added together the lowest id counts as first.
     */
    @Override
    public @Nullable ChunkPlace find(ChunkId id) {
        Run firstRun = null;
        int firstPosition = -1;
        for (Run run : runs) {
            int position = run.first(id);
            if (position < 0) {
                continue;
            }
            int preferred = preferred(run, position);
            if (preferred >= 0) {
                return run.place(preferred);
            }
            if (firstRun == null) {
                firstRun = run;
                firstPosition = position;
            }
        }
        return firstRun == null ? null : firstRun.place(firstPosition);
    }

    /** The first place of the chunk that was added and is in one of these packs; null if none is. The packs of earlier places are asked about first. */
    public @Nullable ChunkPlace find(ChunkId id, Predicate<PackId> packs) {
        for (Run run : runs) {
            for (int position = run.first(id); position >= 0; position = run.next(position)) {
                if (packs.test(run.packs.ids[run.packOf(position)])) {
                    return run.place(position);
                }
            }
        }
        return null;
    }

    /** All places of the chunk, in the order in which they were added. */
    public List<ChunkPlace> findAll(ChunkId id) {
        List<ChunkPlace> found = new ArrayList<>(2);
        for (Run run : runs) {
            for (int position = run.first(id); position >= 0; position = run.next(position)) {
                found.add(run.place(position));
            }
        }
        return found;
    }

    /** The number of places: a chunk that two packs hold counts twice. */
    public int chunks() {
        long sum = 0;
        for (Run run : runs) {
            sum += run.size();
        }
        return Math.toIntExact(sum);
    }

    /**
     * A number of the chunk for sets of bits, 0 to {@link #chunks} - 1: the same for all its places and of no other chunk. Where chunks
     * have several places, not all numbers are used.
     *
     * @return the number, or -1 if there is no such chunk
     * @throws IllegalStateException if this index is not {@link #compact}
     */
    public int ordinal(ChunkId id) {
        return runs.length == 0 ? -1 : only().first(id);
    }

    /** The packs that this index was told of, also those without a chunk. A new set in the order of the ids. */
    public Set<PackId> packs() {
        List<PackId> ids = new ArrayList<>();
        for (Run run : runs) {
            ids.addAll(Arrays.asList(run.packs.ids));
        }
        Collections.sort(ids);
        return new LinkedHashSet<>(ids);
    }

    /** The stored size of a pack in bytes, or empty if the index was not told of it. */
    public OptionalLong packSize(PackId pack) {
        for (Run run : runs) {
            int at = run.packs.find(pack);
            if (at >= 0) {
                return OptionalLong.of(run.packs.sizes[at]);
            }
        }
        return OptionalLong.empty();
    }

    /** Heap that the index takes, in bytes, without a few hundred for its objects. */
    public long heapBytes() {
        long sum = 0;
        for (Run run : runs) {
            sum += run.heapBytes();
        }
        return sum;
    }

    /** From the oldest, which is the longest, to the newest; nobody changes it. */
    Run[] runs() {
        return runs;
    }

    /** The one run of a compact index that is not empty. */
    Run only() {
        if (runs.length != 1) {
            throw new IllegalStateException("the index has " + runs.length + " runs: ordinals are those of compact()");
        }
        return runs[0];
    }

    /** The first place at {@code position} or behind it of the same id that is in no avoided pack, or -1. */
    int preferred(Run run, int position) {
        for (int at = position; at >= 0; at = run.next(at)) {
            if (!avoided.test(run.packs.ids[run.packOf(at)])) {
                return at;
            }
        }
        return -1;
    }
}
