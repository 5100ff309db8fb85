package dev.cairn.backup;

import java.util.Optional;

/**
 * What reading an audit log has shown.
 *
 * @param from the sequence of the first line that is there; greater than 1 where old files were let go
 * @param to the sequence of the last line that is right; {@code from - 1} if there is none
 * @param files how many files were read
 * @param beyondHead how many right lines follow the head record: they were written and never acknowledged
 * @param endProven whether a head record was there to tell where the log ends. Without one nobody can notice that the last lines were cut off, that the
 *     very last one was altered, or that old files were removed by other hands than the log's own
 * @param damage the first place where it is not what was written
 */
public record AuditVerification(
        long from, long to, int files, long beyondHead, boolean endProven, Optional<AuditDamage> damage) {

    /** Whether nothing is wrong with what was read. See {@link #endProven} for what that covers. */
    public boolean intact() {
        return damage.isEmpty();
    }

    /** One sentence for people. */
    public String describe() {
        return damage.map(found -> "The audit log is damaged: " + found)
                .orElseGet(() -> "The audit log is complete from line " + from + " to line " + to
                        + (endProven ? "" : "; without a head record nobody knows whether it went on"));
    }
}
