package dev.cairn.backup;

/**
 * The configuration can never be right as it stands: a missing part, a contradiction, a dataset that contains the repository.
 * Thrown before anything is written.
 */
public final class ConfigurationException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param problem what is wrong
     * @param nextStep how to mend it
     */
    public ConfigurationException(String problem, String nextStep) {
        super(problem, nextStep, null, null);
    }
}
