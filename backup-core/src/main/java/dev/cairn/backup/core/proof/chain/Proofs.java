package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.ReceiptVerification;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.ReceiptSigner;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that the engine asks about proof: the chain of snapshots, the stubs of removed ones, receipts. Where a repository keeps no proofs, snapshots are not chained, every check finds nothing to
 * check, and a receipt is refused. Thread-safe.
 */
public final class Proofs {

    private final SnapshotRepository repository;
    private final String lineage;
    private final ReceiptKeys keys;
    private final InstantSource clock;
    private final Optional<ProofStore> store;
    private final Optional<Chain> chain;
    private final Optional<ReceiptBook> book;

    /**
     * The proofs of a lineage. Reads nothing yet.
     *
     * @param repository an open repository
     * @param state the state store, which remembers the heads of the chain and the newest receipt
     * @param signer signs receipts and stubs; empty if nothing is signed
     * @param keys whose signatures are trusted; with any, a stub that none of them has signed explains nothing
     */
    public Proofs(
            SnapshotRepository repository,
            BlobStore state,
            String lineage,
            Optional<ReceiptSigner> signer,
            ReceiptKeys keys,
            InstantSource clock) {
        this.repository = repository;
        this.lineage = lineage;
        this.keys = keys;
        this.clock = clock;
        this.store = repository.proofs();
        ReceiptSigning signing = new ReceiptSigning(signer);
        this.chain = store.map(records -> new Chain(repository, records, state, lineage, signing, keys, clock));
        this.book = store.map(records -> new ReceiptBook(records, state, lineage, signing, keys));
    }

    /**
     * What the next snapshot continues, for its manifest.
     *
     * @param own the committed snapshots of the lineage, oldest first, as they were just listed
     */
    public List<SnapshotLink> previous(List<SnapshotMetadata> own) {
        return chain.map(links -> links.previous(own)).orElse(List.of());
    }

    /** A snapshot was committed: the head of the chain moves to it. Never fails: what cannot be remembered now is found again. */
    public void committed(SnapshotManifest manifest) {
        chain.ifPresent(links -> links.committed(manifest));
    }

    /**
     * A snapshot is about to be removed, by retention or by an operator: leaves its stub, signed if there is a signer. A stub that cannot be signed or stored waits in the state store, because
     * removing is what frees a full store.
     *
     * @param metadata the snapshot, as it was listed
     * @param why for people, such as the retention rule
     * @return the stub, without signature; empty if nothing is known of such a snapshot, or the repository keeps no proofs
     * @throws dev.cairn.backup.StoreException if the store cannot be read; nothing should be removed then
     */
    public Optional<Receipt> removing(SnapshotMetadata metadata, String why) {
        return chain.flatMap(links -> links.removing(metadata, why));
    }

    /** The same for a snapshot of which only the id is known, such as a damaged one; lists the repository. */
    public Optional<Receipt> removing(SnapshotId id, String why) {
        return chain.flatMap(links -> links.removing(id, why));
    }

    /**
     * Looks at the chain when a repository was opened: whether all that this installation has committed is there, unchanged, or removed with a stub. Reads no manifest that was listed before, and
     * the 16 newest stubs; {@link #verifyChain} reads all anew.
     */
    public ChainVerification opened() {
        return chain.map(Chain::opened).orElseGet(this::nothing);
    }

    /** Checks the whole chain, with every manifest and stub read anew. */
    public ChainVerification verifyChain() {
        return verifyChain(1, Long.MAX_VALUE);
    }

    /**
     * Checks the links of the snapshots with numbers in a range, both ends included, with their manifests and stubs read anew.
     *
     * @throws InvalidValueException if the range is empty or begins below 1
     */
    public ChainVerification verifyChain(long from, long to) {
        return chain.map(links -> links.verify(from, to)).orElseGet(this::nothing);
    }

    /**
     * An operator knows of a snapshot that is missing ({@code MISSING}, {@code ROLLED_BACK}) or beside the chain ({@code FORK}), and accepts it: a stub with the verdict {@code LOST} explains the
     * loss from now on, the next snapshot continues the one beside the chain as well.
     *
     * @throws InvalidValueException if it is a break of another kind, or operator or reason is blank
     */
    public void acknowledge(ChainBreak broken, String operator, String reason) {
        requireWords(operator, reason);
        chain.ifPresent(links -> links.acknowledge(broken, operator, reason));
    }

    /**
     * Issues a receipt: signed if there is a signer, numbered, chained to the one before, kept for good. Durable when it returns.
     *
     * @param kind what it attests; not a stub
     * @param facts whatever else it attests; never secrets
     * @throws SnapshotNotFoundException if there is no such snapshot
     * @throws dev.cairn.backup.KeyException if it cannot be signed; nothing was issued
     * @throws ConfigurationException if the repository keeps no proofs
     */
    public Receipt attest(
            Receipt.Kind kind,
            SnapshotId id,
            Instant startedAt,
            Instant finishedAt,
            String verdict,
            Map<String, String> facts) {
        if (kind == Receipt.Kind.STUB) {
            throw new InvalidValueException("kind", kind, "any other; a stub is left by a removal");
        }
        return attest(kind, metadata(id), startedAt, finishedAt, verdict, facts);
    }

    private SnapshotMetadata metadata(SnapshotId id) {
        try (SnapshotReader reader = repository.read(id)) {
            return reader.manifest().metadata();
        }
    }

    private Receipt attest(
            Receipt.Kind kind,
            SnapshotMetadata metadata,
            Instant startedAt,
            Instant finishedAt,
            String verdict,
            Map<String, String> facts) {
        SnapshotProof proof = store.orElseThrow(this::noProofs).proof(metadata.id());
        SnapshotLink snapshot = new SnapshotLink(metadata.id(), metadata.sequence(), proof.digest());
        return book().issue((number, previous) -> new Receipt(
                kind,
                lineage,
                number,
                previous,
                snapshot,
                proof.root(),
                proof.previous(),
                startedAt,
                finishedAt,
                verdict,
                new TreeMap<>(facts),
                List.of()));
    }

    /** Issues a receipt that a snapshot was taken; fails as {@link #attest(Receipt.Kind, SnapshotId, Instant, Instant, String, Map)} does. */
    public Receipt attest(SnapshotId id) {
        SnapshotMetadata metadata = metadata(id);
        return attest(
                Receipt.Kind.SNAPSHOT,
                metadata,
                metadata.createdAt(),
                clock.instant(),
                "COMPLETED",
                Outcomes.of(metadata));
    }

    /** All receipts of the lineage that can be read, oldest first. */
    public List<Receipt> receipts() {
        return book.map(ReceiptBook::all).orElse(List.of());
    }

    /**
     * A receipt with its countersignatures, or empty if there is none of that number.
     *
     * @throws dev.cairn.backup.DamagedReceiptException if it is not what was issued
     */
    public Optional<Receipt> receipt(long number) {
        return book.flatMap(receipts -> receipts.find(number));
    }

    /**
     * Adds a second party's signature, over the receipt and the first signature; it is kept beside the receipt.
     *
     * @throws InvalidValueException if the receipt is not signed
     * @throws dev.cairn.backup.DamagedReceiptException if it is not what was issued, or gone
     */
    public Receipt countersign(long number, ReceiptSigner second) {
        return book().countersign(number, second);
    }

    /** Checks the signatures of a receipt with the trusted keys. */
    public ReceiptVerification verify(Receipt receipt) {
        return keys.verify(receipt);
    }

    /**
     * Checks that every receipt is there, unaltered and in its place.
     *
     * @throws dev.cairn.backup.KeyException if a secret that signatures are checked with cannot be had
     */
    public ChainVerification verifyReceipts() {
        return book.map(ReceiptBook::verify).orElseGet(this::nothing);
    }

    /**
     * Removes a receipt for good, which nothing else ever does. A note of who did so and why takes its place.
     *
     * @throws InvalidValueException if operator or reason is blank
     */
    public void removeReceipt(long number, String operator, String reason) {
        requireWords(operator, reason);
        book().remove(number, operator, reason, clock.instant());
    }

    private static void requireWords(String operator, String reason) {
        if (operator.isBlank() || reason.isBlank()) {
            throw new InvalidValueException(
                    "operator and reason", operator + ", " + reason, "a name and a reason in words");
        }
    }

    private ReceiptBook book() {
        return book.orElseThrow(this::noProofs);
    }

    private ConfigurationException noProofs() {
        return new ConfigurationException(
                "The " + repository.describe() + " keeps no receipts", "Use a packed or a browsable repository");
    }

    private ChainVerification nothing() {
        return new ChainVerification(lineage, 1, 1, 0, 0, List.of(), List.of());
    }
}
