package dev.cairn.backup.spi;

import java.io.IOException;

/** The pages of a content that differ from an earlier state of it, for reading. Thread-safe until the view that gave it is closed. */
public interface PageChanges {

    /** Bytes of the whole content now. */
    long size();

    /** The numbers of all pages that may have changed or are new, from 0, rising, without those beyond the end. The array is the caller's. */
    int[] pages();

    /**
     * Reads one of these pages.
     *
     * @param page one of {@link #pages}
     * @param into takes the page whole
     * @throws IOException if it cannot be read
     */
    void read(int page, byte[] into, int offset) throws IOException;
}
