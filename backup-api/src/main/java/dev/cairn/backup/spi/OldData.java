package dev.cairn.backup.spi;

/**
 * What a restore has put aside of a dataset: its trash.
 *
 * @param place where it lies, in words that the dataset understands again; {@code memory} for a value in memory
 * @param whole whether it is all that the restore took the place of, so that the state before can be brought back from it alone; not so for an overlay
 * @param value the value itself, for a dataset in memory, which the engine then keeps; empty for data on disk. Not copied
 */
public record OldData(String place, boolean whole, byte[] value) {

    /** All the old data, on disk. */
    public static OldData at(String place) {
        return new OldData(place, true, new byte[0]);
    }

    /** Some old data on disk, which is good only for being looked at and copied by hand. */
    public static OldData partAt(String place) {
        return new OldData(place, false, new byte[0]);
    }

    /** A value in memory. */
    public static OldData inMemory(byte[] value) {
        return new OldData("memory", true, value);
    }
}
