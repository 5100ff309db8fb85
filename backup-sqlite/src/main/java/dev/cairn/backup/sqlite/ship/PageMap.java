package dev.cairn.backup.sqlite.ship;

import java.util.Arrays;

/** Which slot holds which page: open addressing in two arrays, 12 to 24 bytes a page. For one thread. */
final class PageMap {

    static final int NONE = -1;

    // 0 is no page.
    private int[] pages = new int[64];
    private int[] slots = new int[64];
    private int size;

    /** The slot of a page; {@link #NONE} if it has none. */
    int get(int page) {
        int at = find(page);
        return pages[at] == page ? slots[at] : NONE;
    }

    void put(int page, int slot) {
        if (size * 3 > pages.length * 2) {
            grow();
        }
        int at = find(page);
        if (pages[at] != page) {
            pages[at] = page;
            size++;
        }
        slots[at] = slot;
    }

    /** The pages up to {@code last}, rising. */
    int[] pagesUpTo(long last) {
        return Arrays.stream(pages)
                .filter(page -> page != 0 && Integer.toUnsignedLong(page) <= last)
                .sorted()
                .toArray();
    }

    /** Puts everything that another map holds. */
    void putAll(PageMap other) {
        for (int i = 0; i < other.pages.length; i++) {
            if (other.pages[i] != 0) {
                put(other.pages[i], other.slots[i]);
            }
        }
    }

    /** The slots in use. */
    int[] slots() {
        int[] used = new int[size];
        int count = 0;
        for (int i = 0; i < pages.length; i++) {
            if (pages[i] != 0) {
                used[count++] = slots[i];
            }
        }
        return used;
    }

    private int find(int page) {
        int mask = pages.length - 1;
        int at = (page * 0x9E3779B9 >>> 7) & mask;
        while (pages[at] != 0 && pages[at] != page) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        int[] oldPages = pages;
        int[] oldSlots = slots;
        pages = new int[oldPages.length * 2];
        slots = new int[oldPages.length * 2];
        size = 0;
        for (int i = 0; i < oldPages.length; i++) {
            if (oldPages[i] != 0) {
                put(oldPages[i], oldSlots[i]);
            }
        }
    }
}
