package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.SignatureVerdict;
import dev.cairn.backup.core.proof.ReceiptKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One check of a book of receipts. A gap is one break, however many numbers it has: a forged name may have any. For one use. */
final class ReceiptCheck {

    private final ReceiptBook book;
    private final ReceiptKeys keys;
    private final String lineage;
    private final Optional<ReceiptBook.Head> newest;
    private final List<ChainBreak> breaks = new ArrayList<>();
    private Optional<String> before = Optional.empty();
    private long last;
    private long checked;
    private long removed;

    ReceiptCheck(ReceiptBook book, ReceiptKeys keys, String lineage) {
        this.book = book;
        this.keys = keys;
        this.lineage = lineage;
        this.newest = book.newest();
    }

    ChainVerification run() {
        for (long number : book.numbers()) {
            if (number > last + 1) {
                found(ChainBreak.Kind.MISSING, last + 1, gone(number - 1) + ", and nothing tells that it was removed");
                before = Optional.empty();
            }
            last = number;
            check(number);
        }
        newest.filter(head -> head.number() > last)
                .ifPresent(head -> found(
                        ChainBreak.Kind.ROLLED_BACK,
                        last + 1,
                        gone(head.number()) + ", the newest that this installation has issued"));
        breaks.sort(Comparator.comparingLong(ChainBreak::sequence));
        return new ChainVerification(lineage, 1, Math.max(1, last), checked, removed, List.of(), breaks);
    }

    private String gone(long end) {
        return end == last + 1 ? "it is gone" : "it is gone, and so are all up to receipt " + end;
    }

    private void check(long number) {
        try {
            Optional<Removal> removal = book.removal(number);
            Optional<Receipt> receipt = book.find(number);
            if (removal.isPresent()) {
                removed++;
                checkPlace(number, removal.get().digest(), removal.get().previous());
                receipt.ifPresent(there -> found(ChainBreak.Kind.RETURNED, number, "it was removed, and is there"));
            } else if (receipt.isPresent()) {
                checkPlace(number, book.digest(number), receipt.get().previous());
                checkSignatures(receipt.get());
            } else {
                found(ChainBreak.Kind.MISSING, number, "it is gone, though something is left under its number");
                before = Optional.empty();
            }
        } catch (DamagedReceiptException | DamagedRepositoryException e) {
            found(ChainBreak.Kind.ALTERED, number, e.getMessage());
            before = Optional.empty();
        }
    }

    private void checkPlace(long number, String digest, Optional<String> previous) {
        checked++;
        if (previous.isPresent() != number > 1) {
            found(ChainBreak.Kind.WRONG_PREVIOUS, number, "it names a receipt before it, or none, unlike its number");
        } else if (before.isPresent() && !before.equals(previous)) {
            found(
                    ChainBreak.Kind.ALTERED,
                    number - 1,
                    "its digest is " + before.get() + ", but receipt " + number + " follows " + previous.orElseThrow());
        }
        before = Optional.of(digest);
        if (newest.isPresent()
                && newest.get().number() == number
                && !newest.get().digest().equals(digest)) {
            found(
                    ChainBreak.Kind.ALTERED,
                    number,
                    "its digest is " + digest + ", but this installation has issued it with "
                            + newest.get().digest());
        }
    }

    private void checkSignatures(Receipt receipt) {
        for (SignatureVerdict verdict : keys.verify(receipt).signatures()) {
            if (verdict instanceof SignatureVerdict.Invalid invalid) {
                found(
                        ChainBreak.Kind.ALTERED,
                        receipt.number(),
                        "the signature of '" + invalid.keyId() + "': " + invalid.why());
            }
        }
    }

    private void found(ChainBreak.Kind kind, long number, String problem) {
        breaks.add(new ChainBreak(kind, "receipt " + number, number, Optional.empty(), problem));
    }
}
