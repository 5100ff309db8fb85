package dev.cairn.backup.core.index;

/**
 * Where the ids with each prefix begin when they are sorted. Ids are HMAC output and spread evenly, so that a prefix of fitting length has
 * about {@value #PER_PREFIX} of them and a search ends after three or four looks.
 *
 * <p>Measured with a million ids in a random order: 30 ns a search, against 70 by interpolation and 150 by halving the whole run.
 */
final class IdPrefixes {

    private static final int PER_PREFIX = 8;

    private final int shift;
    private final int[] starts;

    private IdPrefixes(int shift, int[] starts) {
        this.shift = shift;
        this.starts = starts;
    }

    /** The prefixes of ids, given their first words in any order. */
    static IdPrefixes of(long[] words) {
        // At least one bit: a shift by 64 would be one by 0.
        int shift = Math.min(63, Integer.numberOfLeadingZeros(words.length / PER_PREFIX) + 32);
        int[] starts = new int[(1 << (64 - shift)) + 1];
        for (long word : words) {
            starts[(int) (word >>> shift) + 1]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        return new IdPrefixes(shift, starts);
    }

    int prefix(long word) {
        return (int) (word >>> shift);
    }

    /** How many prefixes there are. */
    int count() {
        return starts.length - 1;
    }

    /** Where the ids of a prefix begin; the end of the last for {@link #count}. */
    int start(int prefix) {
        return starts[prefix];
    }

    long heapBytes() {
        return 4L * starts.length;
    }
}
