package dev.cairn.backup;

import org.jspecify.annotations.Nullable;

/** A receipt, or the stub of a removed snapshot, is not what was written. Nothing of it was handed out. */
public final class DamagedReceiptException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String receipt;

    /**
     * @param receipt which one: the name of its blob, or what the caller calls it
     * @param problem what is wrong with it
     * @param cause the underlying failure, or null
     */
    public DamagedReceiptException(String receipt, String problem, @Nullable Throwable cause) {
        super(
                receipt + " " + problem,
                "Rely on another copy of it, such as one in a second store; verification of the chain names what is damaged",
                null,
                cause);
        this.receipt = receipt;
    }

    /** Which one: the name of its blob, or what the caller calls it. */
    public String receipt() {
        return receipt;
    }
}
