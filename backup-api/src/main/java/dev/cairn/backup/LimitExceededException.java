package dev.cairn.backup;

/**
 * A stated limit was reached: a scratch quota, a size, a depth or a count. The operation failed as a whole.
 */
public final class LimitExceededException extends BackupException {

    private static final long serialVersionUID = 1L;

    /**
     * @param limit the limit's name
     * @param found the value found
     * @param allowed the greatest value allowed
     * @param nextStep what to do about it
     */
    public LimitExceededException(String limit, long found, long allowed, String nextStep) {
        super(limit + " is " + found + ", at most " + allowed + " is allowed", nextStep, null, null);
    }
}
