package dev.cairn.backup;

import dev.cairn.backup.spi.Location;
import java.util.List;
import java.util.Optional;

/**
 * A trail that can only grow: who did what to what, and what went wrong. Each line carries the hash of the one before, so that nobody can take a line out,
 * put one in or change one without {@link #verify} naming the place, as long as they cannot change the head record in the state store as well. The log
 * does not hide what it holds and does not tell who wrote a line: whoever may write to both the folder and the state store can write a new history.
 *
 * <p>It lies outside every dataset: no restore ever takes it back. Thread-safe. Calls block until what they write is durable; an
 * interrupt does not break them and the flag is kept.
 */
public interface AuditLog extends AutoCloseable {

    /**
     * Writes one line. Durable when this returns.
     *
     * <p>After a failure that is not {@link StoreException.Reason#OUTCOME_UNKNOWN} the line is not in the log and never will be. After that one, a crash
     * or a power cut it is there whole or not at all. Lines that were acknowledged before are there in every case, and the log goes on with the next call.
     *
     * @return where it stands
     * @throws StoreException if it cannot be written, with the reason
     * @throws BackupBusyException if the log is closed
     */
    default AuditPosition append(AuditEvent event) {
        return append(List.of(event)).get(0);
    }

    /**
     * Writes lines one after another, made durable together; see {@link #append(AuditEvent)}. After a crash those at the front may be there without the rest.
     *
     * @param events at most 1000
     * @return where they stand
     * @throws LimitExceededException if they are more; nothing was written
     */
    List<AuditPosition> append(List<AuditEvent> events);

    /**
     * Opens an incident. Durable when this returns; failures are those of {@link #append(AuditEvent)}.
     *
     * @throws LimitExceededException if 1000 are open
     */
    Incident report(Incident.Report report);

    /**
     * Closes an incident. Durable when this returns; failures are those of {@link #append(AuditEvent)}.
     *
     * @return the incident as it is now
     * @throws InvalidValueException if no incident of that id is open
     */
    Incident close(String incident, Incident.Closing closing);

    /** The incidents that are open, oldest first, however long ago they were reported. */
    List<Incident> openIncidents();

    /** Where the last acknowledged line stands. Note it down elsewhere, and the log can be verified against it without the state store. */
    AuditPosition head();

    /**
     * Reads the whole log, up to what is acknowledged now, and compares it with the head record. Takes memory for one line and as long as the disk needs; lines may be
     * appended meanwhile.
     *
     * @throws StoreException if it cannot be read
     */
    AuditVerification verify();

    /** Where the log lies, so that no dataset contains it. */
    Optional<Location> location();

    /** Where its head record lies, so that no dataset contains that either: taken back, it would no longer tell where the log ends. */
    default Optional<Location> headLocation() {
        return Optional.empty();
    }

    /** Lets go of the log. Idempotent; waits for lines that are being written. */
    @Override
    void close();
}
