package dev.cairn.backup.spi;

/**
 * A look at where a restore of a dataset would write. Costs a few system calls.
 *
 * @param location where that is, links resolved
 * @param shape what is there now
 * @param freeBytes what this process may still write on its volume
 * @param spareBytes what a restore leaves free beside the content, for names, journals and the host's next writes
 */
public record LiveTarget(Location location, Shape shape, long freeBytes, long spareBytes) {

    /** What a name stands for. */
    public enum Shape {
        /** Nothing. */
        MISSING,
        /** A file. */
        FILE,
        /** A folder. */
        FOLDER,
        /** A device, a pipe or the like. */
        OTHER
    }
}
