package dev.cairn.backup.core.proof.chain;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.mark.MarkFiles;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Receipts and stubs as small blobs beside the snapshots of a repository. Thread-safe. */
public final class ProofBlobs implements ProofStore {

    /** Far more than a receipt has. */
    private static final int MOST_BYTES = 1 << 20;

    /** Half of it, so that it can be read back with whatever it is wrapped in. */
    private static final int MOST_PUT = MOST_BYTES / 2;

    private final BlobStore store;
    private final String prefix;
    private final MarkFiles.Body body;
    private final Function<SnapshotId, SnapshotProof> proof;
    private final Function<SnapshotId, SnapshotProof> known;

    /**
     * @param prefix what stands before both folders; empty or ending with a slash
     * @param body how records are kept
     * @param proof reads a manifest anew
     * @param known may remember it
     */
    public ProofBlobs(
            BlobStore store,
            String prefix,
            MarkFiles.Body body,
            Function<SnapshotId, SnapshotProof> proof,
            Function<SnapshotId, SnapshotProof> known) {
        this.store = store;
        this.prefix = prefix;
        this.body = body;
        this.proof = proof;
        this.known = known;
    }

    @Override
    public SnapshotProof proof(SnapshotId id) {
        return proof.apply(id);
    }

    @Override
    public SnapshotProof known(SnapshotId id) {
        return known.apply(id);
    }

    @Override
    public PutOutcome put(BlobName name, byte[] record) {
        BlobName blob = blob(name);
        if (record.length > MOST_PUT) {
            throw new InvalidValueException("bytes of " + name, record.length, "at most " + MOST_PUT);
        }
        return store.putIfAbsent(blob, BlobContent.of(body.seal(blob, record)));
    }

    @Override
    public Optional<byte[]> read(BlobName name) {
        BlobName blob = blob(name);
        try (InputStream in = store.read(blob)) {
            byte[] stored = in.readNBytes(MOST_BYTES + 1);
            if (stored.length > MOST_BYTES) {
                throw new DamagedRepositoryException(blob.value(), "has more than " + MOST_BYTES + " bytes", null);
            }
            return Optional.of(body.open(blob, stored));
        } catch (BlobNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "Reading " + blob + " in " + store.describe() + " failed: " + e,
                    "Check the store",
                    e);
        }
    }

    @Override
    public List<BlobName> list(String folder) {
        String at = blob(BlobName.of(folder + "/x")).value();
        return store.list(at.substring(0, at.length() - 2)).stream()
                .map(BlobInfo::name)
                .map(name -> BlobName.of(name.value().substring(prefix.length())))
                .toList();
    }

    @Override
    public boolean delete(BlobName name) {
        return store.delete(blob(name));
    }

    private BlobName blob(BlobName name) {
        if (!name.value().startsWith(RECEIPTS + "/") && !name.value().startsWith(STUBS + "/")) {
            throw new InvalidValueException("name of a record", name, "one below " + RECEIPTS + " or " + STUBS);
        }
        return BlobName.of(prefix + name);
    }
}
