package dev.cairn.backup.lifecycle;

import dev.cairn.backup.BackupException;
import java.util.List;

/** A gate was asked about a stage that it does not have. Nothing was changed. */
public final class UnknownStageException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final String stage;
    private final transient List<String> known;

    /**
     * @param stage the name given
     * @param known the stages of the gate, in order
     */
    public UnknownStageException(String stage, List<String> known) {
        super(
                "There is no stage '" + stage + "'",
                known.isEmpty()
                        ? "The gate has no stages; add it first"
                        : "Known stages are " + String.join(", ", known),
                null,
                null);
        this.stage = stage;
        this.known = List.copyOf(known);
    }

    /** The name given. */
    public String stage() {
        return stage;
    }

    /** The stages of the gate, in order. */
    public List<String> known() {
        return known;
    }
}
