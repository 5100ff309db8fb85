package dev.cairn.backup.spi;

/** One place that gives a host all the stores it needs; for hosts that do not care where. */
public interface StoreHome {

    /** Where snapshots are kept. */
    BlobStore repository();

    /** Where the engine keeps intents, the sequence of restores and what schedules remember. Never inside a dataset. */
    BlobStore state();

    /** Local room for temporary copies. */
    ScratchSpace scratch();

    /** The key of the repository; made at the first use if there is none. */
    KeyProvider keys();
}
