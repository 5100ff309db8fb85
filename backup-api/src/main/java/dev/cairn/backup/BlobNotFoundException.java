package dev.cairn.backup;

/**
 * A blob that was asked for is not in the store.
 */
public final class BlobNotFoundException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String blob;

    /**
     * @param blob the blob's name
     */
    public BlobNotFoundException(String blob) {
        super("There is no blob '" + blob + "'", "Verify the repository", null, null);
        this.blob = blob;
    }

    /** The blob's name. */
    public String blob() {
        return blob;
    }
}
