package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/** Something in a repository is missing or not what was written. Nothing wrong was handed out. */
public final class DamagedRepositoryException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String damaged;

    /**
     * @param damaged the name of the blob, or what part of it
     * @param problem what is wrong with it
     * @param cause the underlying failure, or null
     */
    public DamagedRepositoryException(String damaged, String problem, @Nullable Throwable cause) {
        super(
                damaged + " " + problem,
                "Check the repository; its repair names what each snapshot has lost and keeps all else restorable",
                null,
                cause);
        this.damaged = damaged;
    }

    /** The name of the blob, or what part of it. */
    public String damaged() {
        return damaged;
    }
}
