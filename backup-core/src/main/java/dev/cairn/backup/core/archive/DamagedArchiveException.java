package dev.cairn.backup.core.archive;

import dev.cairn.backup.BackupException;
import org.jspecify.annotations.Nullable;

/** An archive is cut, altered, or not one that an export makes. Nothing of it was imported. */
public final class DamagedArchiveException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String damaged;

    /**
     * @param damaged which part: an entry's name in the archive, or the archive itself
     * @param problem what is wrong with it
     * @param cause the underlying failure, or null
     */
    public DamagedArchiveException(String damaged, String problem, @Nullable Throwable cause) {
        super(damaged + " " + problem, "Nothing was imported; export the snapshot again", null, cause);
        this.damaged = damaged;
    }

    static DamagedArchiveException whole(String problem, @Nullable Throwable cause) {
        return new DamagedArchiveException("The archive", problem, cause);
    }

    /** Which part is damaged. */
    public String damaged() {
        return damaged;
    }
}
