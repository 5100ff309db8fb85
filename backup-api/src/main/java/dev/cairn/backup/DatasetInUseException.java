package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/**
 * A dataset cannot be replaced because something still uses it, such as an open connection of the host or of another process.
 * Nothing was replaced: a commit that the other side believes done would be lost.
 */
public final class DatasetInUseException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String dataset;

    /**
     * @param dataset the dataset's name
     * @param problem who or what uses it, as far as known
     * @param nextStep what to do about it
     * @param cause the underlying failure, or null
     */
    public DatasetInUseException(String dataset, String problem, String nextStep, @Nullable Throwable cause) {
        super("Dataset '" + dataset + "' is in use: " + problem, nextStep, null, cause);
        this.dataset = dataset;
    }

    /** The dataset's name. */
    public String dataset() {
        return dataset;
    }
}
