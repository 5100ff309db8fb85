package dev.cairn.backup.sqlite.tables;

import java.util.Arrays;

/**
 * Text whose bytes are no Unicode in its database's encoding.
 *
 * @param bytes the bytes as they are stored; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // equals is by content, below
record IllFormedText(byte[] bytes) {

    @Override
    public boolean equals(Object other) {
        return other instanceof IllFormedText text && Arrays.equals(bytes, text.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
