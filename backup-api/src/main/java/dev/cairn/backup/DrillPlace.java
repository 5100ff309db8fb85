package dev.cairn.backup;

import java.nio.file.Path;

/**
 * What a drill has restored, apart from the live data, for the host's checks. Everything in it is removed when the drill ends. Thread-safe.
 */
public interface DrillPlace {

    /** The snapshot that was restored. */
    SnapshotMetadata snapshot();

    /** The folder that holds all that was restored to a disk; readable by the owner only. There is none if all datasets live in memory. */
    Path folder();

    /**
     * Where the data of a dataset lies now: the file or folder that stands for its live one.
     *
     * @throws InvalidValueException if the drill has restored no such dataset to a disk
     */
    Path path(String dataset);

    /**
     * What a restore would hand to the host as the value of a dataset in memory.
     *
     * @throws InvalidValueException if the drill has restored no such value, or one of another type
     */
    <T> T value(String dataset, Class<T> type);

    /**
     * Has something ended before the folder goes, such as a process that a check has started; the last one first. What its end throws is a problem of the drill.
     */
    void closeAtEnd(AutoCloseable thing);
}
