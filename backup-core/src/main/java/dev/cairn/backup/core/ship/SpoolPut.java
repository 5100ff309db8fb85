package dev.cairn.backup.core.ship;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.spi.TimelineLostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts segments into the spool, and remembers an attempt that failed: it may be there all the same. When the source gives the segment again, perhaps a longer one, the attempt is removed
 * first; nobody has been told of it and no uploader knows it, and never is there more than one. For one thread.
 */
final class SpoolPut {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolPut.class);

    private record Attempt(SpoolSlot slot, byte[] body) {}

    private final SegmentStore store;
    private final Spool spool;
    private @Nullable Attempt attempt;

    SpoolPut(SegmentStore store, Spool spool) {
        this.store = store;
        this.spool = spool;
    }

    /**
     * Durable when it returns.
     *
     * @throws TimelineLostException if somebody else has put another one, or what is there is damaged
     * @throws StoreException if it is not known to be durable
     */
    void put(SpoolSlot slot, byte[] sealed, byte[] body) {
        if (attempt != null && attempt.slot().equals(slot)) {
            clear(attempt);
        }
        attempt = new Attempt(slot, body);
        PutOutcome outcome = spool.put(slot, sealed);
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    slot.blob() + " in the state store may or may not be durable",
                    "Look after the disk of the state store",
                    null);
        }
        attempt = null;
        if (outcome == PutOutcome.EXISTS) {
            requireSame(slot, body);
        }
    }

    /** What an earlier process left and nobody can read any more would be met at each attempt, for ever. */
    private void requireSame(SpoolSlot slot, byte[] body) {
        try {
            if (!Arrays.equals(read(slot), body)) {
                throw new TimelineLostException(slot.segment());
            }
        } catch (DamagedRepositoryException e) {
            throw new TimelineLostException(slot.segment(), e);
        }
    }

    /** Removes what a failed attempt may have left, if that can be done now; else the next process stores it, which does no harm. */
    void forget() {
        Attempt failed = attempt;
        attempt = null;
        if (failed == null) {
            return;
        }
        try {
            clear(failed);
        } catch (BackupException e) {
            LOG.debug("{} may be left in the state store", failed.slot().blob(), e);
        }
    }

    /** When this returns there is nothing in the slot. */
    private void clear(Attempt failed) {
        try {
            if (!Arrays.equals(read(failed.slot()), failed.body())) {
                throw new TimelineLostException(failed.slot().segment());
            }
            spool.delete(failed.slot());
        } catch (DamagedRepositoryException e) {
            LOG.warn(
                    "{} was put and cannot be read: it is removed and kept anew",
                    failed.slot().blob(),
                    e);
            spool.delete(failed.slot());
        } catch (BlobNotFoundException e) {
            LOG.debug("{} was not put", failed.slot().blob());
        }
    }

    private byte[] read(SpoolSlot slot) {
        return store.unseal(slot.timeline(), slot.number(), spool.read(slot));
    }
}
