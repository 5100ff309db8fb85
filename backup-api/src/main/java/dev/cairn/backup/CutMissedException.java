package dev.cairn.backup;

/**
 * A file was replaced or removed between the freeze and its reading, so that its content at the instant is gone. The dataset
 * remembers the path and pins it at its next freeze; the engine takes the whole snapshot again, at most three times, before it
 * reports this to the caller. Nothing was committed.
 */
public final class CutMissedException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String dataset;

    /**
     * @param dataset the dataset's name
     * @param path the entry that was missed
     */
    public CutMissedException(String dataset, String path) {
        super(
                "Dataset '" + dataset + "': " + path + " was replaced after the freeze and before it was read",
                "Try again; if it stays so, declare the path as its own dataset with consistency IN_BARRIER",
                null,
                null);
        this.dataset = dataset;
    }

    /** The dataset's name. */
    public String dataset() {
        return dataset;
    }
}
