package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.json.CanonicalJson;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.lineage.StateSlot;
import dev.cairn.backup.core.proof.ReceiptFile;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.core.proof.digest.RecordForm;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.ReceiptSigner;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The receipts of a lineage, numbered from 1, each naming the digest of the one before: {@code receipts/<lineage>/<number>/receipt}, beside it {@code by-<key>} for each countersignature, and
 * {@code removed} in the place of one that was removed. Of processes that issue at once each gets a number of its own, because a name is put only once. Thread-safe.
 */
final class ReceiptBook {

    private final ProofStore records;
    private final String lineage;
    private final ReceiptSigning signing;
    private final ReceiptKeys keys;
    private final StateSlot<Head> head;

    /** The newest receipt. */
    record Head(long number, String digest) {

        static final StateSlot.Form<Head> FORM = new StateSlot.Form<>() {
            @Override
            public JsonObject write(Head value) {
                return new JsonObject().put("number", value.number()).put("digest", value.digest());
            }

            @Override
            public Head read(JsonObject json) throws JsonFormatException {
                return new Head(json.number("number"), json.text("digest"));
            }
        };
    }

    ReceiptBook(ProofStore records, BlobStore state, String lineage, ReceiptSigning signing, ReceiptKeys keys) {
        this.records = records;
        this.lineage = lineage;
        this.signing = signing;
        this.keys = keys;
        this.head = new StateSlot<>(state, "receipts", Head.FORM);
    }

    /**
     * Signs and keeps a receipt; durable when it returns.
     *
     * @param drawUp makes the receipt for a number and the digest before it; asked again when another process took the number
     */
    Receipt issue(BiFunction<Long, Optional<String>, Receipt> drawUp) {
        Optional<Head> last = head.get();
        while (true) {
            long number = last.map(Head::number).orElse(0L) + 1;
            Receipt receipt = signing.sign(drawUp.apply(number, last.map(Head::digest)));
            PutOutcome outcome = removal(number).isPresent()
                    ? PutOutcome.EXISTS
                    : records.put(name(number, "receipt"), ReceiptFile.encode(receipt));
            if (outcome == PutOutcome.EXISTS) {
                last = Optional.of(new Head(number, digestOf(number)));
                continue;
            }
            if (outcome == PutOutcome.UNKNOWN) {
                throw unknown(name(number, "receipt"));
            }
            Head mine = new Head(number, ReceiptFile.digest(receipt));
            head.update(old ->
                    Optional.of(old.filter(other -> other.number() > number).orElse(mine)));
            return receipt;
        }
    }

    private String digestOf(long number) {
        return removal(number).map(Removal::digest).orElseGet(() -> digest(number));
    }

    /** All receipts that can be read, with their countersignatures, oldest first. */
    List<Receipt> all() {
        List<Receipt> found = new ArrayList<>();
        for (long number : numbers()) {
            try {
                find(number).ifPresent(found::add);
            } catch (DamagedReceiptException | DamagedRepositoryException e) {
                // verify() names it; the others are as good as before.
            }
        }
        return found;
    }

    /** A receipt with its countersignatures. */
    Optional<Receipt> find(long number) {
        Optional<byte[]> file = records.read(name(number, "receipt"));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        Receipt receipt = decode(number, file.get());
        String digest = ReceiptFile.digest(receipt);
        for (BlobName blob : records.list(folder(number))) {
            if (blob.lastComponent().startsWith("by-")) {
                receipt = receipt.signed(countersignature(blob, digest));
            }
        }
        return Optional.of(receipt);
    }

    /** The receipt as it was issued. */
    private Receipt issued(long number) {
        BlobName name = name(number, "receipt");
        return decode(
                number,
                records.read(name).orElseThrow(() -> new DamagedReceiptException(name.value(), "is gone", null)));
    }

    private Receipt decode(long number, byte[] file) {
        String name = name(number, "receipt").value();
        Receipt receipt = ReceiptFile.decode(name, file);
        if (receipt.number() != number || !receipt.lineage().equals(lineage)) {
            throw new DamagedReceiptException(
                    name, "is receipt " + receipt.number() + " of lineage " + receipt.lineage(), null);
        }
        return receipt;
    }

    private Receipt.Signature countersignature(BlobName blob, String digest) {
        try {
            JsonObject json = JsonObject.parse(records.read(blob).orElseThrow());
            Receipt.Signature signature = RecordForm.signature(json.object("signature"));
            if (json.text("receipt").equals(digest)
                    && Arrays.equals(countersigned(signature, digest), CanonicalJson.of(json))
                    && blob.lastComponent().equals("by-" + signature.keyId() + "@")) {
                return signature;
            }
            throw new DamagedReceiptException(blob.value(), "does not belong to the receipt beside it", null);
        } catch (DamagedReceiptException e) {
            throw e;
        } catch (IOException | BackupException | IllegalArgumentException e) {
            throw new DamagedReceiptException(blob.value(), "cannot be parsed: " + e.getMessage(), e);
        }
    }

    private static byte[] countersigned(Receipt.Signature signature, String receipt) {
        JsonObject json = new JsonObject().put("receipt", receipt).put("signature", RecordForm.json(signature));
        return RecordForm.digested(json);
    }

    /** Adds a countersignature; one of the same key that is there already stays. */
    Receipt countersign(long number, ReceiptSigner second) {
        Receipt receipt = issued(number);
        if (receipt.signatures().isEmpty()) {
            throw new InvalidValueException(
                    "receipt", number, "one that is signed: a countersignature covers the first");
        }
        Receipt.Signature signature = ReceiptSigning.signature(second, ReceiptFile.countersigned(receipt));
        // A sign behind it, so that no name ends with a dot, which a blob's name may not.
        BlobName name = name(number, "by-" + signature.keyId() + "@");
        if (records.put(name, countersigned(signature, ReceiptFile.digest(receipt))) == PutOutcome.UNKNOWN) {
            throw unknown(name);
        }
        return find(number).orElseThrow();
    }

    /** Removes a receipt; what stays says who did so and why, and keeps the chain whole. */
    void remove(long number, String operator, String reason, Instant at) {
        Receipt receipt = issued(number);
        BlobName name = name(number, "removed");
        PutOutcome outcome = records.put(
                name, new Removal(ReceiptFile.digest(receipt), receipt.previous(), operator, reason, at).encode());
        if (outcome == PutOutcome.UNKNOWN) {
            throw unknown(name);
        }
        records.list(folder(number)).stream().filter(blob -> !blob.equals(name)).forEach(records::delete);
    }

    /** What stays of a receipt, if it was removed. */
    Optional<Removal> removal(long number) {
        BlobName name = name(number, "removed");
        return records.read(name).map(body -> Removal.decode(name.value(), body));
    }

    /** Whether every receipt is there and as it was issued. */
    ChainVerification verify() {
        return new ReceiptCheck(this, keys, lineage).run();
    }

    /** The newest that this installation has issued. */
    Optional<Head> newest() {
        return head.get();
    }

    /** The digest of a receipt as it was issued. */
    String digest(long number) {
        return ReceiptFile.digest(issued(number));
    }

    /** The numbers of receipts that are there or were removed, in order. */
    List<Long> numbers() {
        return records.list(ProofStore.RECEIPTS + "/" + lineage).stream()
                .map(name -> name.value().split("/")[2])
                .filter(number -> number.matches("[0-8][0-9]{18}")) // What fits into 64 bits.
                .map(Long::parseLong)
                .distinct()
                .sorted()
                .toList();
    }

    private String folder(long number) {
        return ProofStore.RECEIPTS + "/" + lineage + "/%019d".formatted(number);
    }

    private BlobName name(long number, String last) {
        return BlobName.of(folder(number) + "/" + last);
    }

    private static StoreException unknown(BlobName name) {
        return new StoreException(
                StoreException.Reason.OUTCOME_UNKNOWN,
                name + " may or may not be durable",
                "Look whether it is listed, and try again",
                null);
    }
}
