package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a repository holds of a lineage's chain at one moment.
 *
 * @param lineage the lineage
 * @param tips the heads that the installation remembers; empty if it remembers none
 * @param present its committed snapshots, oldest first
 * @param unusable why others that are there cannot be used
 * @param stubs the names of its stubs
 * @param records reads stubs
 * @param proofs reads manifests
 */
record ChainView(
        String lineage,
        List<SnapshotLink> tips,
        Map<SnapshotId, Present> present,
        Map<SnapshotId, String> unusable,
        Set<BlobName> stubs,
        Stubs records,
        ProofStore proofs) {

    /**
     * A committed snapshot.
     *
     * @param link its id, number and digest
     * @param proof what its manifest says
     */
    record Present(SnapshotLink link, SnapshotProof proof) {}

    /**
     * Looks at a repository. Stubs are listed after snapshots and put before these are removed: of one that is removed meanwhile both may be seen, never neither.
     *
     * @param anew which manifests are read again although they were read before, by their numbers
     */
    static ChainView of(
            SnapshotRepository repository,
            ProofStore proofs,
            Stubs records,
            String lineage,
            List<SnapshotLink> tips,
            LongPredicate anew) {
        Map<SnapshotId, Present> present = new LinkedHashMap<>();
        Map<SnapshotId, String> unusable = new HashMap<>();
        for (StoredSnapshot stored : repository.list()) {
            if (stored instanceof StoredSnapshot.Invalid invalid) {
                unusable.put(invalid.id(), invalid.reason());
            } else if (stored instanceof StoredSnapshot.Committed committed) {
                SnapshotMetadata metadata = committed.metadata();
                if (!metadata.lineage().equals(lineage)) {
                    unusable.put(metadata.id(), "it is of lineage " + metadata.lineage());
                    continue;
                }
                try {
                    SnapshotProof proof =
                            anew.test(metadata.sequence()) ? proofs.proof(metadata.id()) : proofs.known(metadata.id());
                    present.put(
                            metadata.id(),
                            new Present(new SnapshotLink(metadata.id(), metadata.sequence(), proof.digest()), proof));
                } catch (SnapshotNotFoundException e) {
                    // Removed since it was listed: then it has a stub, or is missing.
                } catch (DamagedSnapshotException | UnsupportedFormatException e) {
                    unusable.put(metadata.id(), e.getMessage());
                }
            }
        }
        return new ChainView(lineage, tips, present, unusable, records.names(lineage), records, proofs);
    }

    /** A stub of those listed. */
    Stubs.Found stub(BlobName name) {
        return records.find(lineage, name);
    }

    /** Whether a snapshot that was listed is there now. */
    boolean isStillThere(SnapshotId id) {
        try {
            proofs.proof(id);
            return true;
        } catch (SnapshotNotFoundException e) {
            return false;
        } catch (DamagedSnapshotException | UnsupportedFormatException e) {
            return true;
        }
    }

    /** The number of the oldest snapshot that takes part in the chain; those of older versions before it do not. */
    long begin() {
        return present.values().stream()
                .filter(snapshot -> snapshot.proof().root().isPresent())
                .mapToLong(snapshot -> snapshot.link().sequence())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    @Nullable
    SnapshotLink newestLink() {
        SnapshotLink newest = null;
        for (Present snapshot : present.values()) {
            if (newest == null || newest.sequence() < snapshot.link().sequence()) {
                newest = snapshot.link();
            }
        }
        return newest;
    }

    /** The newest, for messages. */
    String newest() {
        SnapshotLink newest = newestLink();
        return newest == null ? "none" : newest.id().value();
    }
}
