package dev.cairn.backup.cli.config;

import dev.cairn.backup.BackupException;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration file has mistakes; all that were found are told at once. Nothing was opened or changed. */
public final class InvalidConfigurationException extends BackupException {

    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    /**
     * @param file the file, for messages
     * @param mistakes at least one, in the order of the file
     */
    public InvalidConfigurationException(String file, List<Mistake> mistakes) {
        super(
                file + " has " + (mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes") + ":\n  "
                        + mistakes.stream()
                                .map(mistake -> mistake.describe(file))
                                .collect(Collectors.joining("\n  "))
                        + "\nNothing was done",
                "Correct the file and try again",
                null,
                null);
        this.mistakes = List.copyOf(mistakes);
    }

    /** What is wrong, in the order of the file. */
    public List<Mistake> mistakes() {
        return mistakes;
    }
}
