package dev.cairn.backup.core.keys.slot;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.core.keys.KeySlot;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.keys.RepositoryKeys;
import dev.cairn.backup.spi.KeyProvider;
import java.util.List;
import java.util.Optional;

/** The keys of one repository, over its slots. */
final class KeyRing implements RepositoryKeys {

    private static final int MOST_CHARACTERS = 200;

    private final SlotFolder folder;
    private final List<KeyProvider> holders;

    KeyRing(SlotFolder folder, List<KeyProvider> holders) {
        this.folder = folder;
        this.holders = List.copyOf(holders);
    }

    @Override
    public List<KeySlot> slots() {
        return folder.slots().stream().map(StoredSlot::face).toList();
    }

    @Override
    public KeySlot add(KeyProvider key, String label) {
        requireNote("label", label);
        SlotFile slot = KeySlots.add(folder, open(), key, label);
        return new StoredSlot.Intact(slot, !slot.type().equals(KeySlot.RECOVERY)).face();
    }

    @Override
    public void remove(String id) {
        List<StoredSlot> before = folder.slots();
        StoredSlot slot = before.stream()
                .filter(s -> s.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new InvalidValueException(
                        "slot",
                        id,
                        "one of " + before.stream().map(StoredSlot::id).toList()));
        if (before.stream().noneMatch(s -> s != slot && s.face().reliable())) {
            throw lastOne(id);
        }
        folder.remove(id);
        // Two processes may each have counted on the slot that the other removes.
        if (slot instanceof StoredSlot.Intact removed
                && folder.slots().stream().noneMatch(s -> s.face().reliable())) {
            folder.put(removed.file());
            throw lastOne(id);
        }
        folder.forget(id);
    }

    @Override
    public RecoveryCode newRecoveryCode() {
        // Looked up before the new one is there: two that are made at once must not void each other.
        List<KeySlot> before = slots();
        RecoveryCode code = RecoveryCode.random();
        KeySlots.add(folder, open(), code.asKey(), "recovery code");
        for (KeySlot slot : before) {
            if (slot.type().equals(KeySlot.RECOVERY) && !slot.damaged() && !folder.isConfirmed(slot.id())) {
                folder.remove(slot.id());
            }
        }
        folder.withdrawRefusal();
        return code;
    }

    @Override
    public void confirmRecovery(RecoveryCode code, String by) {
        requireNote("by", by);
        SlotFile slot = new SlotOpening(folder).first(List.of(code.asKey())).slot();
        folder.confirm(slot.slot(), by);
    }

    @Override
    public void declineRecovery(String by, String reason) {
        requireNote("by", by);
        requireNote("reason", reason);
        folder.decline(by, reason);
    }

    @Override
    public List<String> problems() {
        return new KeyProblems(slots(), folder.isDeclined()).sentences();
    }

    private RepositorySecrets open() {
        return new SlotOpening(folder).first(holders).secrets();
    }

    private static InvalidValueException lastOne(String id) {
        return new InvalidValueException(
                "slot",
                id,
                "one beside which another remains that is not damaged and whose holder is known: add a key first, or confirm the recovery code");
    }

    private static void requireNote(String parameter, String text) {
        Optional<Integer> control =
                text.chars().filter(Character::isISOControl).boxed().findFirst();
        if (text.isBlank() || text.length() > MOST_CHARACTERS || control.isPresent()) {
            throw new InvalidValueException(
                    parameter, text, "1 to " + MOST_CHARACTERS + " characters on one line, not all blank");
        }
    }
}
