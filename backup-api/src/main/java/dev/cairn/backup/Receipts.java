package dev.cairn.backup;

import dev.cairn.backup.spi.ReceiptSigner;
import java.util.List;
import java.util.Optional;

/**
 * The receipts of an installation, in its repository: numbered, chained, kept until {@link #remove}. With a signer, each verification and each restore that was completed leaves one by itself;
 * a snapshot gets one when it is asked for, because a receipt stays for ever. Thread-safe; waits for no other operation.
 */
public interface Receipts {

    /** All that can be read, oldest first, with their countersignatures; {@link #verify} names the others. */
    List<Receipt> all();

    /**
     * The receipt of that number, with its countersignatures; empty if there is none.
     *
     * @throws DamagedReceiptException if it is not what was issued
     */
    Optional<Receipt> find(long number);

    /**
     * Issues a receipt that a snapshot was taken, signed if there is a signer. Through its manifest it fixes all snapshots before it as well. Durable when this returns.
     *
     * @throws SnapshotNotFoundException if there is none
     * @throws DamagedSnapshotException if its manifest cannot be used
     * @throws KeyException if it cannot be signed; nothing was issued
     * @throws ConfigurationException if this kind of repository keeps no receipts
     */
    Receipt attest(SnapshotId id);

    /**
     * Adds a second party's signature, over the receipt and its first signature; one of the same key that is there already stays.
     *
     * @param second the other party, such as a client of its service: its key is best kept out of this process
     * @throws InvalidValueException if the receipt is not signed
     * @throws DamagedReceiptException if it is not what was issued, or gone
     */
    Receipt countersign(long number, ReceiptSigner second);

    /**
     * Checks that every receipt is there, as it was issued, in its place, and with signatures that are valid as far as their keys are trusted.
     *
     * @throws KeyException if a secret that signatures are checked with cannot be had
     */
    ChainVerification verify();

    /**
     * Removes a receipt for good, which nothing else ever does. Who did so and why stays in its place.
     *
     * @param operator who, not blank
     * @param reason why, not blank
     * @throws DamagedReceiptException if it is not what was issued, or gone
     */
    void remove(long number, String operator, String reason);
}
