package dev.cairn.backup.core.browse;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.claim.SnapshotClaims;
import dev.cairn.backup.core.mark.MarkFiles;
import dev.cairn.backup.core.proof.chain.ProofBlobs;
import dev.cairn.backup.core.ship.SegmentFiles;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Snapshots as plain files, for people who want to look, grep and copy by hand. Plaintext by definition; each snapshot is a full copy.
 *
 * <pre>
 * &lt;id&gt;/snapshot/&lt;dataset&gt;/…    the content of each file; bytes that a blob name may not hold are written %XX
 * &lt;id&gt;/manifest.json           written last: the commit point. All that is known of the snapshot, with a checksum for each file and the source of each dataset
 * .cairn/repository.json       format and version
 * .cairn/sequence/&lt;n&gt;          claimed sequence numbers (the highest stay for ever)
 * .cairn/ids/&lt;id&gt;              claimed ids other than snap-&lt;n&gt;, which the number claims (they stay for ever)
 * .cairn/marks/&lt;id&gt;/…          marks
 * .cairn/segments/&lt;timeline&gt;/…  segments of change logs
 * .cairn/stubs/, .cairn/receipts/  what is left of removed snapshots, and receipts; see docs/proof.md
 * </pre>
 *
 * <p>A remnant of a writer that died is removed by first putting a tombstone in the place of its manifest, which stays: should the writer not be dead
 * but asleep, its commit fails instead of listing a snapshot with content missing.
 *
 * <p>Thread-safe, and safe for several processes on one store.
 */
public final class BrowsableRepository implements SnapshotRepository {

    private static final String FORMAT_BODY =
            "{\"format\":\"" + ManifestFile.FORMAT + "\",\"version\":" + ManifestFile.VERSION + "}";
    private static final Pattern FORMAT_VERSION = Pattern.compile("\"version\"\\s*:\\s*([0-9]{1,18})");
    private static final BlobName FORMAT_FILE = BlobName.of(".cairn/repository.json");
    private static final String TOMBSTONE = "{\"tombstone\":true}";

    /** About half a million files, far more than a repository of plain files is made for; fewer where the heap could not hold them. */
    private static final long MOST_MANIFEST_BYTES =
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 4);

    private final BlobStore store;
    private final String algorithm;
    private final SnapshotClaims claims;
    private final MarkFiles marks;
    private final SegmentFiles segments;
    private final Map<SnapshotId, Known> known = new ConcurrentHashMap<>();
    private volatile boolean open;

    /** Manifests never change, so each is read once as long as its size is the same. */
    private record Known(long manifestSize, SnapshotMetadata metadata, SnapshotProof proof) {}

    private BrowsableRepository(BlobStore store, String algorithm) {
        this.store = store;
        this.algorithm = algorithm;
        this.claims = new SnapshotClaims(store, ".cairn/", this::highestOfSnapshots);
        this.marks = new MarkFiles(store, ".cairn/marks", MarkFiles.Body.PLAIN);
        this.segments = new SegmentFiles(store, ".cairn/segments", new PlainSegments());
    }

    /** A repository in the store, with SHA-256 checksums. Touches nothing yet. */
    public static BrowsableRepository at(BlobStore store) {
        return new BrowsableRepository(store, "SHA-256");
    }

    /**
     * With another checksum algorithm for new snapshots.
     *
     * @param name {@code sha256}, {@code sha512}, {@code sha3-256} or whatever the JDK's providers name
     * @throws dev.cairn.backup.ConfigurationException if no provider has it
     */
    public BrowsableRepository checksum(String name) {
        return new BrowsableRepository(store, Digests.canonicalName(name));
    }

    @Override
    public void open() {
        if (open) {
            return;
        }
        if (store.stat(FORMAT_FILE).isEmpty()
                && store.putIfAbsent(FORMAT_FILE, BlobContent.of(FORMAT_BODY)) == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    FORMAT_FILE + " in " + store.describe() + " may or may not be durable",
                    "Open the repository again",
                    null);
        }
        String body = new String(readAll(FORMAT_FILE), StandardCharsets.UTF_8);
        Matcher version = FORMAT_VERSION.matcher(body);
        if (!body.contains(ManifestFile.FORMAT) || !version.find()) {
            throw new StoreException(
                    StoreException.Reason.UNSUPPORTED,
                    store.describe() + " holds no browsable repository, or its " + FORMAT_FILE + " is damaged",
                    "Choose another place, or put back a " + FORMAT_FILE + " that reads " + FORMAT_BODY,
                    null);
        }
        if (Long.parseLong(version.group(1)) > ManifestFile.VERSION) {
            throw new UnsupportedFormatException(
                    "The repository in " + store.describe(),
                    Long.parseLong(version.group(1)),
                    ManifestFile.VERSION,
                    null);
        }
        open = true;
    }

    @Override
    public SnapshotWriter begin(LongFunction<SnapshotId> naming) {
        open();
        SnapshotClaims.Claim claim =
                claims.claim(naming, id -> !store.children(id.value()).isEmpty());
        return new BrowsableWriter(store, claim.id(), claim.sequence(), algorithm);
    }

    private long highestOfSnapshots() {
        return list().stream()
                .mapToLong(stored -> stored instanceof StoredSnapshot.Committed committed
                        ? committed.metadata().sequence()
                        : SnapshotClaims.numberOf(stored.id()).orElse(0))
                .max()
                .orElse(0);
    }

    @Override
    public List<StoredSnapshot> list() {
        open();
        List<StoredSnapshot> found = new ArrayList<>();
        for (String name : new TreeSet<>(store.children(""))) {
            SnapshotId id;
            try {
                id = SnapshotId.of(name);
            } catch (InvalidValueException e) {
                continue; // Not ours, or the folder of claims and marks.
            }
            look(id).ifPresent(found::add);
        }
        known.keySet().retainAll(found.stream().map(StoredSnapshot::id).toList());
        found.sort(Comparator.comparingLong(snapshot -> snapshot instanceof StoredSnapshot.Committed committed
                ? committed.metadata().sequence()
                : 0));
        return found;
    }

    @Override
    public boolean isCommitted(SnapshotId id) {
        open();
        return look(id).filter(StoredSnapshot.Committed.class::isInstance).isPresent();
    }

    private Optional<StoredSnapshot> look(SnapshotId id) {
        Optional<BlobInfo> manifest = store.stat(manifest(id));
        if (manifest.isEmpty()) {
            return Optional.of(
                    claims.isClaimed(id)
                            ? new StoredSnapshot.Invalid(
                                    id, "it has no manifest.json: it is being written, or its writer died", true)
                            : new StoredSnapshot.Invalid(
                                    id, "it has no manifest.json, and was not begun by this repository", false));
        }
        if (manifest.get().size() > MOST_MANIFEST_BYTES) {
            return Optional.of(new StoredSnapshot.Invalid(
                    id,
                    "its manifest.json has " + manifest.get().size() + " bytes, at most " + MOST_MANIFEST_BYTES
                            + " are read",
                    false));
        }
        Known seen = known.get(id);
        if (seen != null && seen.manifestSize() == manifest.get().size()) {
            return Optional.of(new StoredSnapshot.Committed(seen.metadata()));
        }
        try {
            byte[] bytes = readAll(manifest(id));
            if (isTombstone(bytes)) {
                return content(id).isEmpty()
                        ? Optional.empty()
                        : Optional.of(new StoredSnapshot.Invalid(id, "its removal was not completed", true));
            }
            ManifestCodec.Proven proven = ManifestCodec.proven(id, bytes);
            SnapshotMetadata metadata = proven.file().manifest().metadata();
            known.put(id, new Known(bytes.length, metadata, proven.proof()));
            return Optional.of(new StoredSnapshot.Committed(metadata));
        } catch (BlobNotFoundException e) {
            return Optional.empty(); // Deleted meanwhile.
        } catch (DamagedSnapshotException | UnsupportedFormatException e) {
            return Optional.of(new StoredSnapshot.Invalid(id, e.getMessage(), false));
        }
    }

    @Override
    public SnapshotReader read(SnapshotId id) {
        return new BrowsableReader(store, readManifest(id).file());
    }

    private ManifestCodec.Proven readManifest(SnapshotId id) {
        open();
        byte[] bytes;
        long size = store.stat(manifest(id)).map(BlobInfo::size).orElse(0L);
        if (size > MOST_MANIFEST_BYTES) {
            throw new DamagedSnapshotException(
                    id,
                    id + "/manifest.json",
                    "has " + size + " bytes, at most " + MOST_MANIFEST_BYTES + " are read",
                    null);
        }
        try {
            bytes = readAll(manifest(id));
        } catch (BlobNotFoundException e) {
            if (store.children(id.value()).isEmpty()) {
                throw new SnapshotNotFoundException(id);
            }
            throw new DamagedSnapshotException(
                    id, id + "/manifest.json", "is missing, so the snapshot was never completed", e);
        }
        if (isTombstone(bytes)) {
            throw new SnapshotNotFoundException(id);
        }
        return ManifestCodec.proven(id, bytes);
    }

    @Override
    public Optional<ProofStore> proofs() {
        return Optional.of(new ProofBlobs(
                store,
                ".cairn/",
                MarkFiles.Body.PLAIN,
                id -> readManifest(id).proof(),
                id -> Optional.ofNullable(known.get(id))
                        .map(Known::proof)
                        .orElseGet(() -> readManifest(id).proof())));
    }

    @Override
    public boolean delete(SnapshotId id) {
        open();
        Optional<StoredSnapshot> found = store.children(id.value()).isEmpty() ? Optional.empty() : look(id);
        if (found.isEmpty()) {
            return false;
        }
        if (store.stat(manifest(id)).isEmpty() && !claims.isClaimed(id)) {
            return false; // Somebody else's folder.
        }
        if (isUnfinished(found.get())) {
            fence(id);
        } else {
            store.delete(manifest(id));
        }
        removeRest(id);
        return true;
    }

    @Override
    public boolean deleteRemnant(SnapshotId id) {
        open();
        Optional<StoredSnapshot> found = store.children(id.value()).isEmpty() ? Optional.empty() : look(id);
        if (found.isEmpty() || !isUnfinished(found.get())) {
            return false;
        }
        fence(id);
        removeRest(id);
        return true;
    }

    private static boolean isUnfinished(StoredSnapshot found) {
        return found instanceof StoredSnapshot.Invalid invalid && invalid.unfinished();
    }

    private void removeRest(SnapshotId id) {
        known.remove(id);
        marks.removeAll(id); // Before the content: while any of that is left the deletion can be called again.
        store.deleteAll(content(id));
    }

    private List<BlobName> content(SnapshotId id) {
        return store.list(id.value()).stream()
                .map(BlobInfo::name)
                .filter(name -> !name.equals(manifest(id)))
                .toList();
    }

    private void fence(SnapshotId id) {
        PutOutcome outcome = store.putIfAbsent(manifest(id), BlobContent.of(TOMBSTONE));
        boolean fencedBefore = outcome == PutOutcome.EXISTS && isTombstone(readAll(manifest(id)));
        if (outcome != PutOutcome.CREATED && !fencedBefore) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    "The remnant '" + id + "' could not be fenced (" + outcome
                            + "): its writer may just have committed it",
                    "Prune again",
                    null);
        }
    }

    @Override
    public void mark(SnapshotId id, Mark mark) {
        open();
        marks.put(id, mark);
    }

    @Override
    public boolean unmark(SnapshotId id, Mark.Kind kind, String holder) {
        open();
        return marks.remove(id, kind, holder);
    }

    @Override
    public List<Mark> marks(SnapshotId id) {
        open();
        return marks.of(id);
    }

    @Override
    public Map<SnapshotId, List<Mark>> marks(Collection<SnapshotId> ids) {
        open();
        Map<String, List<Mark>> all = marks.ofAll();
        return ids.stream()
                .distinct()
                .collect(Collectors.toMap(id -> id, id -> all.getOrDefault(id.value(), List.of())));
    }

    @Override
    public Optional<SegmentStore> segments() {
        return Optional.of(segments);
    }

    @Override
    public Optional<Location> location() {
        return store.location();
    }

    @Override
    public String describe() {
        return "browsable repository in " + store.describe();
    }

    @Override
    public void close() {
        store.close();
    }

    /** The blob whose presence commits a snapshot. */
    static BlobName manifest(SnapshotId id) {
        return BlobName.of(id + "/manifest.json");
    }

    private static boolean isTombstone(byte[] bytes) {
        return bytes.length == TOMBSTONE.length() && new String(bytes, StandardCharsets.UTF_8).equals(TOMBSTONE);
    }

    private byte[] readAll(BlobName name) {
        try (InputStream in = store.read(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    name + " in " + store.describe() + " cannot be read: " + e,
                    "Look after the store",
                    e);
        }
    }
}
