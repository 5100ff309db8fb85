package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.ReceiptVerification;
import dev.cairn.backup.SignatureVerdict;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.core.proof.ReceiptFile;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of removed snapshots: receipts at {@code stubs/<lineage>/<number>-<id>}. A stub that can be neither signed nor stored, because the key is away or the store is full, waits in the
 * state store: removing a snapshot is what frees a full store, so it never fails for want of a stub.
 */
final class Stubs {

    private static final Logger LOG = LoggerFactory.getLogger(Stubs.class);
    private static final String WAITING = "waiting-stubs";

    private final ProofStore records;
    private final BlobStore state;
    private final ReceiptSigning signing;
    private final ReceiptKeys keys;
    private final StateSlot<Long> signedFrom;

    /**
     * A stub that was looked for.
     *
     * @param receipt the stub, if it can be relied on
     * @param problem why it cannot; empty if it can
     */
    record Found(Optional<Receipt> receipt, String problem) {}

    Stubs(ProofStore records, BlobStore state, ReceiptSigning signing, ReceiptKeys keys) {
        this.records = records;
        this.state = state;
        this.signing = signing;
        this.keys = keys;
        this.signedFrom = new StateSlot<>(state, "stubs-signed", StateSlot.Form.number("from"));
    }

    /** Remembers, when keys are trusted for the first time, up to which snapshot stubs were left unsigned before: those stay good. */
    void beginTrust(String lineage) {
        if (!keys.isEmpty() && signedFrom.get().isEmpty()) {
            long newest =
                    names(lineage).stream().mapToLong(Stubs::numberOf).max().orElse(0);
            signedFrom.update(old -> old.or(() -> Optional.of(newest + 1)));
        }
    }

    /** The number of the snapshot that a stub's name tells; 0 for a name that is none. */
    static long numberOf(BlobName stub) {
        String name = stub.lastComponent();
        return name.matches("[0-8][0-9]{18}-.+") ? Long.parseLong(name.substring(0, 19)) : 0;
    }

    static BlobName name(String lineage, SnapshotLink link) {
        return BlobName.of(ProofStore.STUBS + "/" + lineage + "/%019d-%s".formatted(link.sequence(), link.id()));
    }

    /** Leaves a stub; one that is there already stays. */
    void leave(Receipt stub) {
        BlobName name = name(stub.lineage(), stub.snapshot());
        try {
            put(name, stub);
        } catch (KeyException | StoreException e) {
            LOG.warn(
                    "The stub of snapshot {} waits in the state store",
                    stub.snapshot().id(),
                    e);
            wait(name, stub);
        }
    }

    private void put(BlobName name, Receipt stub) {
        if (records.put(name, ReceiptFile.encode(signing.sign(stub))) == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "The stub " + name + " may or may not be durable",
                    "Try again",
                    null);
        }
    }

    private void wait(BlobName name, Receipt stub) {
        try {
            state.putIfAbsent(waiting(name), BlobContent.of(ReceiptFile.encode(stub)));
        } catch (StoreException e) {
            LOG.warn(
                    "Nothing will tell that snapshot {} was removed: its stub could not be kept",
                    stub.snapshot().id(),
                    e);
        }
    }

    private static BlobName waiting(BlobName name) {
        return BlobName.of(WAITING + "/" + name);
    }

    /** Signs and stores the stubs that wait, as far as that is possible now. */
    void storeWaiting() {
        for (BlobInfo blob : state.list(WAITING)) {
            BlobName name = BlobName.of(blob.name().value().substring(WAITING.length() + 1));
            try {
                Optional<byte[]> file = readWaiting(name);
                if (file.isPresent()) {
                    put(name, ReceiptFile.decode(name.value(), file.get()));
                    state.delete(blob.name());
                }
            } catch (BackupException e) {
                LOG.warn("The stub {} still waits in the state store", name, e);
            }
        }
    }

    /** The names of all stubs of a lineage, also of those that wait. */
    Set<BlobName> names(String lineage) {
        Set<BlobName> names = new HashSet<>(records.list(ProofStore.STUBS + "/" + lineage));
        for (BlobInfo blob : state.list(WAITING + "/" + ProofStore.STUBS + "/" + lineage)) {
            names.add(BlobName.of(blob.name().value().substring(WAITING.length() + 1)));
        }
        return names;
    }

    /** The stub under a name that was listed; one that waits in the state store is trusted as that is. */
    Found find(String lineage, BlobName name) {
        try {
            Optional<byte[]> stored = records.read(name);
            if (stored.isPresent()) {
                return check(lineage, name, ReceiptFile.decode(name.value(), stored.get()));
            }
            return readWaiting(name)
                    .map(file -> new Found(Optional.of(ReceiptFile.decode(name.value(), file)), ""))
                    .orElse(new Found(Optional.empty(), "its stub is gone"));
        } catch (DamagedReceiptException | DamagedRepositoryException e) {
            return new Found(Optional.empty(), "its stub cannot be used: " + e.getMessage());
        } catch (KeyException e) { // A vault that is away must not keep a host from starting.
            return new Found(Optional.empty(), "its stub's signature cannot be checked now: " + e.getMessage());
        }
    }

    private Found check(String lineage, BlobName name, Receipt stub) {
        if (stub.kind() != Receipt.Kind.STUB
                || !stub.lineage().equals(lineage)
                || !name(lineage, stub.snapshot()).equals(name)) {
            return new Found(
                    Optional.empty(),
                    "the record under its stub's name is the " + stub.kind() + " of " + stub.snapshot() + " of lineage "
                            + stub.lineage());
        }
        ReceiptVerification signatures = keys.verify(stub);
        for (SignatureVerdict verdict : signatures.signatures()) {
            if (verdict instanceof SignatureVerdict.Invalid invalid) {
                return new Found(
                        Optional.empty(), "its stub's signature of '" + invalid.keyId() + "': " + invalid.why());
            }
        }
        boolean trusted = keys.isEmpty()
                || signatures.signatures().stream().anyMatch(SignatureVerdict.Valid.class::isInstance)
                || stub.signatures().isEmpty()
                        && stub.snapshot().sequence() < signedFrom.get().orElse(1L);
        return trusted
                ? new Found(Optional.of(stub), "")
                : new Found(Optional.empty(), "its stub is signed by no key that is trusted");
    }

    private Optional<byte[]> readWaiting(BlobName name) {
        if (state.stat(waiting(name)).isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = state.read(waiting(name))) {
            return Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "Reading " + waiting(name) + " in " + state.describe() + " failed: " + e,
                    "Check the state store",
                    e);
        }
    }
}
