package dev.cairn.backup;

/**
 * A named question to the host after a restore, such as "do the counts agree". A check that answers false or throws makes the restore roll back.
 *
 * @param name the question, for reports
 * @param test asks it
 */
public record RestoreCheck(String name, Test test) {

    /** The question itself. */
    @FunctionalInterface
    public interface Test {

        /**
         * Whether the host is as it should be.
         *
         * @throws Exception if that cannot be told, which counts as no
         */
        boolean passes(SnapshotMetadata snapshot) throws Exception;
    }
}
