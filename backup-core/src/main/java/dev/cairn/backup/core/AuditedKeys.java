package dev.cairn.backup.core;

import dev.cairn.backup.Operation;
import dev.cairn.backup.core.keys.KeySlot;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.keys.RepositoryKeys;
import dev.cairn.backup.spi.KeyProvider;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Keys whose every use goes through somebody who permits and writes it down. Thread-safe. */
final class AuditedKeys implements RepositoryKeys {

    /** Who permits and writes it down. */
    interface Calls {
        <T> T call(Operation operation, Map<String, String> said, Supplier<T> work);
    }

    private final RepositoryKeys keys;
    private final Calls calls;

    AuditedKeys(RepositoryKeys keys, Calls calls) {
        this.keys = keys;
        this.calls = calls;
    }

    @Override
    public List<KeySlot> slots() {
        return calls.call(Operation.onRepository(Operation.LIST_KEYS), Map.of(), keys::slots);
    }

    @Override
    public KeySlot add(KeyProvider key, String label) {
        return calls.call(Operation.of(Operation.ADD_KEY, label), Map.of(), () -> keys.add(key, label));
    }

    @Override
    public void remove(String slot) {
        tell(Operation.of(Operation.REMOVE_KEY, slot), Map.of(), () -> keys.remove(slot));
    }

    @Override
    public RecoveryCode newRecoveryCode() {
        return calls.call(Operation.onRepository(Operation.NEW_RECOVERY_CODE), Map.of(), keys::newRecoveryCode);
    }

    @Override
    public void confirmRecovery(RecoveryCode code, String by) {
        tell(Operation.of(Operation.CONFIRM_RECOVERY, by), Map.of(), () -> keys.confirmRecovery(code, by));
    }

    @Override
    public void declineRecovery(String by, String reason) {
        tell(
                Operation.of(Operation.DECLINE_RECOVERY, by),
                Map.of("why", reason),
                () -> keys.declineRecovery(by, reason));
    }

    private void tell(Operation operation, Map<String, String> said, Runnable work) {
        calls.call(operation, said, () -> {
            work.run();
            return operation;
        });
    }

    /** For health, which asks after every operation: no line. */
    @Override
    public List<String> problems() {
        return keys.problems();
    }
}
