package dev.cairn.backup.core.keys;

import dev.cairn.backup.spi.KeyProvider;
import java.util.List;

/**
 * The keys that open a repository. Every slot opens all of it; removing one locks its holder out of future openings, not of secrets that it has seen.
 * Thread-safe; several processes may change the keys at once.
 *
 * <p>Every method may throw {@link dev.cairn.backup.StoreException}. What changes slots first opens the repository with the keys that the host gave, and
 * throws {@link dev.cairn.backup.KeyException} if none does.
 */
public interface RepositoryKeys {

    /** All slots of this repository, damaged ones too, in the order of their ids. */
    List<KeySlot> slots();

    /**
     * Lets one more holder open the repository. Durable when it returns; after a failure the slot is absent or complete.
     *
     * @param key the holder; one that has no key yet makes one
     * @param label what the operator calls it: 1 to 200 characters, shown to whoever can list the store
     * @throws dev.cairn.backup.KeyException if the holder has no key and can make none
     */
    KeySlot add(KeyProvider key, String label);

    /**
     * Removes a slot. A slot whose holder is known must remain: neither a damaged slot nor a recovery code that nobody has confirmed counts as one.
     *
     * @throws dev.cairn.backup.InvalidValueException if there is no such slot, or it is the last reliable one; it is there as before
     */
    void remove(String slot);

    /**
     * Makes a recovery code and its slot. Codes that nobody has confirmed are void from then on, as is an earlier
     * {@link #declineRecovery}. The code is kept nowhere: it must be printed or written down, then {@linkplain #confirmRecovery confirmed}.
     */
    RecoveryCode newRecoveryCode();

    /**
     * Notes that somebody holds the code, after proving that it opens the repository. Confirming it again changes nothing.
     *
     * @param by who says so, 1 to 200 characters, shown to whoever can list the store
     * @throws dev.cairn.backup.KeyException if the code opens no slot
     */
    void confirmRecovery(RecoveryCode code, String by);

    /**
     * Notes that the operator wants no recovery code. Codes that exist stay valid.
     *
     * @param by who says so, 1 to 200 characters
     * @param reason why, 1 to 200 characters; both are shown to whoever can list the store
     */
    void declineRecovery(String by, String reason);

    /** What weakens the hold on the repository, one sentence each with what to do about it; empty if nothing does. */
    List<String> problems();
}
