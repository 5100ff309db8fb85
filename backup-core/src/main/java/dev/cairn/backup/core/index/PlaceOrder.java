package dev.cairn.backup.core.index;

/**
 * Sorts places by id, stable, in linear time for ids that spread evenly: they are dealt out by prefix, then the few of each prefix are
 * sorted by merging, which keeps its time also where they are many.
 */
final class PlaceOrder {

    private static final int FEW = 16;

    private final Places places;
    private final int[] order;
    private final int[] spare;

    private PlaceOrder(Places places) {
        this.places = places;
        this.order = new int[places.size()];
        this.spare = new int[places.size()];
    }

    /** The positions of the places in the order of their ids. */
    static int[] of(Places places) {
        PlaceOrder sorting = new PlaceOrder(places);
        IdPrefixes prefixes = IdPrefixes.of(places.high);
        int[] next = new int[prefixes.count()];
        for (int i = 0; i < next.length; i++) {
            next[i] = prefixes.start(i);
        }
        for (int i = 0; i < sorting.order.length; i++) {
            sorting.order[next[prefixes.prefix(places.high[i])]++] = i;
        }
        for (int i = 0; i < next.length; i++) {
            sorting.sort(prefixes.start(i), prefixes.start(i + 1));
        }
        return sorting.order;
    }

    private void sort(int from, int to) {
        if (to - from <= FEW) {
            insert(from, to);
            return;
        }
        int middle = (from + to) >>> 1;
        sort(from, middle);
        sort(middle, to);
        System.arraycopy(order, from, spare, from, middle - from);
        int left = from;
        int right = middle;
        for (int i = from; left < middle; i++) {
            boolean fromLeft = right == to || Places.compare(places, spare[left], places, order[right]) <= 0;
            order[i] = fromLeft ? spare[left++] : order[right++];
        }
    }

    private void insert(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int moved = order[i];
            int at = i;
            while (at > from && Places.compare(places, order[at - 1], places, moved) > 0) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = moved;
        }
    }
}
