package dev.cairn.backup.core.audit;

import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.Operation;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.Receipts;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.spi.ReceiptSigner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Receipts whose every use goes through somebody who permits and writes it down. Thread-safe.
 *
 * @param receipts asked for at each use, once that is permitted
 * @param calls permits and writes down
 */
public record AuditedReceipts(Supplier<Receipts> receipts, Calls calls) implements Receipts {

    /** Who permits and writes it down. */
    public interface Calls {
        /** Runs the work, if the operation is permitted. */
        <T> T call(Operation operation, Map<String, String> said, Supplier<T> work);
    }

    private static Operation on(String action, long number) {
        return Operation.of(action, Long.toString(number));
    }

    @Override
    public List<Receipt> all() {
        return calls.call(
                Operation.onRepository(Operation.LIST_RECEIPTS),
                Map.of(),
                () -> receipts.get().all());
    }

    @Override
    public Optional<Receipt> find(long number) {
        return calls.call(
                on(Operation.LIST_RECEIPTS, number),
                Map.of(),
                () -> receipts.get().find(number));
    }

    @Override
    public Receipt attest(SnapshotId id) {
        return calls.call(
                Operation.of(Operation.ATTEST, id.value()),
                Map.of(),
                () -> receipts.get().attest(id));
    }

    @Override
    public Receipt countersign(long number, ReceiptSigner second) {
        return calls.call(
                on(Operation.COUNTERSIGN, number),
                Map.of("key", second.keyId()),
                () -> receipts.get().countersign(number, second));
    }

    @Override
    public ChainVerification verify() {
        return calls.call(
                Operation.onRepository(Operation.VERIFY_RECEIPTS),
                Map.of(),
                () -> receipts.get().verify());
    }

    @Override
    public void remove(long number, String operator, String reason) {
        Operation removal = on(Operation.REMOVE_RECEIPT, number);
        calls.call(removal, Map.of("operator", operator, "why", reason), () -> {
            receipts.get().remove(number, operator, reason);
            return removal;
        });
    }
}
