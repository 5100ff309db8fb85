package dev.cairn.backup.spi;

/** A dataset that is ready to be frozen. For one thread at a time. */
public interface PreparedCapture extends AutoCloseable {

    /**
     * Pins the dataset at this instant. Called on the thread that holds the host's barrier, at most once. Does no I/O proportional to the
     * data; what each consistency mode costs here is said in its dataset's own documentation.
     *
     * @throws dev.cairn.backup.SourceException if it cannot be pinned
     */
    FrozenView freeze();

    /** Lets go of everything that was not handed over to a frozen view. Idempotent. */
    @Override
    void close();
}
