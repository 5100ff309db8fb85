package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/**
 * A dataset's source is missing, cannot be read, changed in a way that its declared consistency forbids, or is refused because
 * reading it would be unsafe. The snapshot failed as a whole: nothing half captured is listed.
 */
public final class SourceException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String dataset;

    /**
     * @param dataset the dataset's name
     * @param problem what is wrong
     * @param nextStep what to do about it
     * @param cause the underlying failure, or null
     */
    public SourceException(String dataset, String problem, String nextStep, @Nullable Throwable cause) {
        super("Dataset '" + dataset + "': " + problem, nextStep, null, cause);
        this.dataset = dataset;
    }

    /** The dataset's name. */
    public String dataset() {
        return dataset;
    }
}
