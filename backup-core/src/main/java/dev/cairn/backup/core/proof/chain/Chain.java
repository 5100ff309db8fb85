package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.ChainBreak;
import dev.cairn.backup.ChainVerification;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Receipt;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.proof.ReceiptKeys;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.StoredSnapshot;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chain of a lineage's snapshots: what the next one continues, what a removal leaves, and whether all is there. Thread-safe. */
final class Chain {

    private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

    /** How many stubs are read when a repository is opened; more would make opening slow after years of retention. */
    static final int STUBS_AT_OPEN = 16;

    private final SnapshotRepository repository;
    private final ProofStore proofs;
    private final String lineage;
    private final ChainTips tips;
    private final Stubs stubs;
    private final InstantSource clock;

    Chain(
            SnapshotRepository repository,
            ProofStore proofs,
            BlobStore state,
            String lineage,
            ReceiptSigning signing,
            ReceiptKeys keys,
            InstantSource clock) {
        this.repository = repository;
        this.proofs = proofs;
        this.lineage = lineage;
        this.tips = new ChainTips(state);
        this.stubs = new Stubs(proofs, state, signing, keys);
        this.clock = clock;
    }

    /** What the next snapshot continues: the heads, and what continues those without being remembered, as after an outcome that was unknown. */
    List<SnapshotLink> previous(List<SnapshotMetadata> own) {
        Optional<List<SnapshotLink>> kept = tips.get();
        if (kept.isEmpty()) {
            return newest(own);
        }
        List<SnapshotLink> heads = kept.get();
        long newest = heads.stream().mapToLong(SnapshotLink::sequence).max().orElse(0);
        for (SnapshotMetadata metadata : own) {
            Optional<SnapshotProof> proof = metadata.sequence() > newest ? known(metadata) : Optional.empty();
            if (proof.isPresent() && continues(proof.get(), heads)) {
                heads = ChainTips.after(
                        heads, link(metadata, proof.get()), proof.get().previous());
            }
        }
        return heads;
    }

    private List<SnapshotLink> newest(List<SnapshotMetadata> own) {
        for (int i = own.size() - 1; i >= 0; i--) {
            SnapshotMetadata metadata = own.get(i);
            Optional<SnapshotProof> proof = known(metadata);
            if (proof.isPresent()) {
                return List.of(link(metadata, proof.get()));
            }
        }
        return List.of();
    }

    /** What a snapshot that was just listed proves; empty if it was removed or damaged since, which must not fail the next one. */
    private Optional<SnapshotProof> known(SnapshotMetadata metadata) {
        try {
            return Optional.of(proofs.known(metadata.id()));
        } catch (SnapshotNotFoundException | DamagedSnapshotException | UnsupportedFormatException e) {
            LOG.info("Snapshot {} is not continued", metadata.id(), e);
            return Optional.empty();
        }
    }

    private static boolean continues(SnapshotProof proof, List<SnapshotLink> heads) {
        return proof.previous().stream().anyMatch(heads::contains);
    }

    private SnapshotLink link(SnapshotMetadata metadata) {
        return link(metadata, proofs.proof(metadata.id()));
    }

    private static SnapshotLink link(SnapshotMetadata metadata, SnapshotProof proof) {
        return new SnapshotLink(metadata.id(), metadata.sequence(), proof.digest());
    }

    /** Remembers a snapshot that was committed. What cannot be remembered now is found again by {@link #previous} or {@link #opened}. */
    void committed(SnapshotManifest manifest) {
        try {
            tips.advance(link(manifest.metadata()), manifest.previous());
            stubs.storeWaiting();
        } catch (BackupException e) {
            LOG.warn(
                    "Snapshot {} could not be remembered as the head of the chain",
                    manifest.metadata().id(),
                    e);
        }
    }

    /** Looks at what is there and remembers what continues the chain unremembered. Manifests that the repository has read are not read again. */
    ChainVerification opened() {
        stubs.storeWaiting();
        stubs.beginTrust(lineage);
        List<SnapshotLink> remembered = tips.get().orElse(List.of());
        ChainView view = view(remembered, sequence -> false);
        List<SnapshotLink> heads = remembered;
        List<SnapshotId> adopted = new ArrayList<>();
        for (ChainView.Present snapshot : view.present().values()) {
            if (continues(snapshot.proof(), heads) && !isContinued(snapshot.link(), view)) {
                tips.advance(snapshot.link(), snapshot.proof().previous());
                heads = ChainTips.after(heads, snapshot.link(), snapshot.proof().previous());
                adopted.add(snapshot.link().id());
            }
        }
        ChainView now = new ChainView(
                view.lineage(), heads, view.present(), view.unusable(), view.stubs(), view.records(), view.proofs());
        return check(now, 1, Long.MAX_VALUE, STUBS_AT_OPEN, adopted);
    }

    private static boolean isContinued(SnapshotLink link, ChainView view) {
        return view.present().values().stream()
                .anyMatch(later -> later.proof().previous().contains(link));
    }

    /** Checks every link of snapshots with numbers in a range, with manifests and stubs read anew. */
    ChainVerification verify(long from, long to) {
        if (from < 1 || to < from) {
            throw new InvalidValueException("range", from + " to " + to, "from 1, up to a number not below it");
        }
        ChainView view = view(tips.get().orElse(List.of()), sequence -> sequence >= from && sequence <= to);
        return check(view, from, to, Integer.MAX_VALUE, List.of());
    }

    private ChainView view(List<SnapshotLink> heads, LongPredicate anew) {
        return ChainView.of(repository, proofs, stubs, lineage, heads, anew);
    }

    private ChainVerification check(ChainView view, long from, long to, int mostStubs, List<SnapshotId> adopted) {
        ChainCheck check = new ChainCheck(view, from, to, mostStubs);
        List<ChainBreak> breaks = check.run();
        SnapshotLink newest = view.newestLink();
        long end = Math.min(to, Math.max(from, newest == null ? 0 : newest.sequence()));
        long checked = view.present().values().stream()
                .filter(snapshot ->
                        snapshot.link().sequence() >= from && snapshot.link().sequence() <= to)
                .count();
        return new ChainVerification(lineage, from, end, checked, check.removed(), adopted, breaks);
    }

    /** Leaves a stub of a snapshot that is about to be removed; of one that is damaged, what those know that continue it. */
    Optional<Receipt> removing(SnapshotMetadata metadata, String why) {
        Optional<Receipt> stub = whole(metadata, why);
        stub.ifPresent(stubs::leave);
        return stub;
    }

    /** The same for one of which only the id is known; lists the repository. */
    Optional<Receipt> removing(SnapshotId id, String why) {
        Optional<SnapshotMetadata> listed = repository.list().stream()
                .filter(stored -> stored.id().equals(id))
                .filter(StoredSnapshot.Committed.class::isInstance)
                .map(stored -> ((StoredSnapshot.Committed) stored).metadata())
                .findFirst();
        if (listed.isPresent()) {
            return removing(listed.get(), why);
        }
        Optional<Receipt> stub = remembered(id, why);
        stub.ifPresent(stubs::leave);
        return stub;
    }

    private Optional<Receipt> whole(SnapshotMetadata metadata, String why) {
        SnapshotProof proof;
        try {
            proof = proofs.proof(metadata.id());
        } catch (StoreException e) {
            throw e;
        } catch (BackupException e) {
            LOG.info("Snapshot {} is removed although its manifest cannot be read", metadata.id(), e);
            return remembered(metadata.id(), why);
        }
        return Optional.of(stub(
                metadata.lineage(),
                link(metadata, proof),
                proof.root(),
                proof.previous(),
                "REMOVED",
                Map.of("why", why, "createdAt", metadata.createdAt().toString())));
    }

    private Optional<Receipt> remembered(SnapshotId id, String why) {
        ChainView view = view(tips.get().orElse(List.of()), sequence -> false);
        List<SnapshotLink> links = new ArrayList<>(view.tips());
        view.present()
                .values()
                .forEach(snapshot -> links.addAll(snapshot.proof().previous()));
        return links.stream()
                .filter(link -> link.id().equals(id))
                .findFirst()
                .map(link -> stub(
                        lineage,
                        link,
                        Optional.empty(),
                        probablyContinued(view, link),
                        "REMOVED",
                        Map.of("why", why, "manifest", "could not be read")));
    }

    /** What one that cannot be read has continued: all older ones that nothing else continues, so that they do not seem to stand beside the chain. */
    private static List<SnapshotLink> probablyContinued(ChainView view, SnapshotLink lost) {
        return new ChainCheck(view, 1, Long.MAX_VALUE, Integer.MAX_VALUE)
                .loose().stream()
                        .filter(link -> link.sequence() < lost.sequence())
                        .toList();
    }

    /** Takes a loss, or a snapshot beside the chain, for known, so that it is no break any more. What it says stays in the chain. */
    void acknowledge(ChainBreak broken, String operator, String reason) {
        SnapshotLink link = broken.link()
                .orElseThrow(() -> new InvalidValueException("break", broken, "one about a snapshot of the chain"));
        Map<String, String> facts = Map.of("operator", operator, "why", reason);
        switch (broken.kind()) {
            case MISSING, ROLLED_BACK -> {
                ChainView view = view(tips.get().orElse(List.of()), sequence -> false);
                stubs.leave(stub(lineage, link, Optional.empty(), probablyContinued(view, link), "LOST", facts));
            }
            case FORK -> tips.advance(link, List.of());
            default ->
                throw new InvalidValueException(
                        "break",
                        broken,
                        "a snapshot that is missing or beside the chain; mend the others, or remove them");
        }
    }

    private Receipt stub(
            String of,
            SnapshotLink link,
            Optional<String> root,
            List<SnapshotLink> continues,
            String verdict,
            Map<String, String> facts) {
        Instant now = clock.instant();
        return new Receipt(
                Receipt.Kind.STUB,
                of,
                0,
                Optional.empty(),
                link,
                root,
                continues,
                now,
                now,
                verdict,
                new TreeMap<>(facts),
                List.of());
    }
}
