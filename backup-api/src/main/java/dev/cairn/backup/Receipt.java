package dev.cairn.backup;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A statement about a snapshot, with the signatures of those who stand for it. What is signed is the canonical JSON of everything but the signatures; {@code docs/proof.md} says how to verify
 * one without this library.
 *
 * @param kind what it attests
 * @param lineage the installation whose snapshot it is about
 * @param number its place among the receipts of the lineage, from 1; 0 for a stub, whose place is in the chain of snapshots
 * @param previous digest of the receipt before it; empty for the first and for stubs
 * @param snapshot the snapshot
 * @param root the snapshot's Merkle root, if its manifest has one
 * @param continues the snapshots that it continues
 * @param startedAt when what is attested began, by the wall clock of who attests it
 * @param finishedAt when it ended
 * @param verdict the outcome in a word or two, such as {@code COMPLETED}, {@code PASSED}, {@code FAILED}, {@code REMOVED}
 * @param facts whatever else is attested, by names of 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}; never secrets
 * @param signatures the first signature, then countersignatures; empty if nobody signs
 */
public record Receipt(
        Kind kind,
        String lineage,
        long number,
        Optional<String> previous,
        SnapshotLink snapshot,
        Optional<String> root,
        List<SnapshotLink> continues,
        Instant startedAt,
        Instant finishedAt,
        String verdict,
        SortedMap<String, String> facts,
        List<Signature> signatures) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** What a receipt attests. */
    public enum Kind {
        /** A snapshot was taken. */
        SNAPSHOT,
        /** A snapshot was read back. */
        VERIFICATION,
        /** A snapshot was restored. */
        RESTORE,
        /** A restore was rehearsed. */
        DRILL,
        /** A snapshot was removed, by retention or by an operator; this is what is left of it. */
        STUB
    }

    /** How a signature is made. */
    public enum Algorithm {
        /** Ed25519, RFC 8032; verified with a public key. */
        ED25519("Ed25519"),
        /** HMAC-SHA-256, RFC 2104; verified with the same secret. */
        HMAC_SHA_256("HMAC-SHA-256");

        private final String label;

        Algorithm(String label) {
            this.label = label;
        }

        /** Its name in receipts. */
        public String label() {
            return label;
        }
    }

    /**
     * One signature.
     *
     * @param keyId which key made it, 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @param algorithm how
     * @param value base64 with the standard alphabet and padding
     */
    public record Signature(String keyId, Algorithm algorithm, String value) {

        private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{4,}={0,2}");

        /** @throws InvalidValueException if the key's id or the value is not allowed */
        public Signature {
            requireName("keyId", keyId);
            if (!BASE64.matcher(value).matches()) {
                throw new InvalidValueException("signature", value, "base64");
            }
        }
    }

    /**
     * Copies the collections.
     *
     * @throws InvalidValueException if the number is negative, the verdict blank or the name of a fact not allowed
     */
    public Receipt {
        if (number < 0 || (number == 0) != (kind == Kind.STUB)) {
            throw new InvalidValueException("number", number, "1 or more, or 0 for a stub");
        }
        if (verdict.isBlank()) {
            throw new InvalidValueException("verdict", verdict, "a word");
        }
        facts.keySet().forEach(name -> requireName("fact", name));
        continues = List.copyOf(continues);
        facts = Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(facts)));
        signatures = List.copyOf(signatures);
    }

    private static void requireName(String parameter, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InvalidValueException(parameter, name, "1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
    }

    /** The same statement with a further signature. */
    public Receipt signed(Signature signature) {
        List<Signature> more = new java.util.ArrayList<>(signatures);
        more.add(signature);
        return new Receipt(
                kind,
                lineage,
                number,
                previous,
                snapshot,
                root,
                continues,
                startedAt,
                finishedAt,
                verdict,
                facts,
                more);
    }
}
