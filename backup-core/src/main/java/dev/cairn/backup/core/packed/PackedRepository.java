package dev.cairn.backup.core.packed;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.RepairReport;
import dev.cairn.backup.RepositoryCheck;
import dev.cairn.backup.RepositoryReport;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.SweepReport;
import dev.cairn.backup.SweepRequest;
import dev.cairn.backup.core.claim.SnapshotClaims;
import dev.cairn.backup.core.crypto.ContainerKind;
import dev.cairn.backup.core.crypto.GcmWarmUp;
import dev.cairn.backup.core.crypto.RepositorySecrets;
import dev.cairn.backup.core.keys.RepositoryKeys;
import dev.cairn.backup.core.keys.slot.KeySlots;
import dev.cairn.backup.core.mark.MarkFiles;
import dev.cairn.backup.core.packed.check.Check;
import dev.cairn.backup.core.packed.check.Repair;
import dev.cairn.backup.core.packed.copy.RepositoryCopy;
import dev.cairn.backup.core.packed.read.PackedReader;
import dev.cairn.backup.core.packed.store.Description;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.RecentSnapshots;
import dev.cairn.backup.core.packed.store.SealedSegments;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.core.packed.sweep.Sweep;
import dev.cairn.backup.core.packed.write.PackedWriter;
import dev.cairn.backup.core.proof.chain.ProofBlobs;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.KeyProvider;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.ProofStore;
import dev.cairn.backup.spi.RepositoryMaintenance;
import dev.cairn.backup.spi.SegmentStore;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoreHome;
import dev.cairn.backup.spi.StoredSnapshot;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots that cost what changed: contents are cut into chunks, each stored once, compressed in blocks and encrypted. Nothing in the store shows a path, a content or an exact size; there
 * is no plaintext mode.
 *
 * <p>Any number of processes may write, read, delete and sweep one repository at once. Thread-safe.
 */
public final class PackedRepository implements SnapshotRepository {

    private final BlobStore blobs;
    private final List<KeyProvider> providers;
    private final SnapshotClaims claims;
    private @Nullable OpenStore open;
    private @Nullable MarkFiles marks;
    private @Nullable RecentSnapshots recent;

    private PackedRepository(BlobStore blobs, List<KeyProvider> providers) {
        this.blobs = blobs;
        this.providers = providers;
        this.claims = new SnapshotClaims(blobs, "", this::highestOfSnapshots);
    }

    /**
     * A repository in a store, opened by the first of the keys that fits. A new repository is opened by all of them. Touches nothing yet.
     *
     * @param key who holds the key, such as {@code KeyFile.at(…)}; never inside a dataset
     * @param more further holders
     */
    public static PackedRepository at(BlobStore blobs, KeyProvider key, KeyProvider... more) {
        List<KeyProvider> all = new ArrayList<>(List.of(more));
        all.add(0, key);
        return new PackedRepository(blobs, List.copyOf(all));
    }

    /** The repository of a home, with its key; what {@code Cairn.builder().home(…)} uses. */
    public static PackedRepository at(StoreHome home) {
        return at(home.repository(), home.keys());
    }

    @Override
    public void open() {
        store();
    }

    /** The opened repository; made or read at the first call. */
    private synchronized OpenStore store() {
        OpenStore known = open;
        if (known != null) {
            return known;
        }
        GcmWarmUp.start();
        Description description = Description.find(blobs).orElseGet(this::create);
        description.requireKnown("read");
        RepositorySecrets secrets = KeySlots.open(blobs, description.id(), providers);
        OpenStore opened = OpenStore.of(blobs, description, secrets);
        marks = new MarkFiles(blobs, Layout.MARKS, sealed(opened, ContainerKind.MARK));
        recent = new RecentSnapshots(blobs, opened.manifests(), opened.sessions(), claims);
        open = opened;
        return opened;
    }

    /** The keys go first, so that a repository that can be seen can be opened. */
    private Description create() {
        byte[] id = new byte[16];
        new SecureRandom().nextBytes(id);
        Description mine = new Description(HexFormat.of().formatHex(id), Map.of());
        KeySlots.create(blobs, mine.id(), RepositorySecrets.random(), providers);
        if (!mine.create(blobs, Instant.now())) {
            KeySlots.discard(blobs, mine.id());
        }
        Description description = Description.find(blobs)
                .orElseThrow(() -> new StoreException(
                        StoreException.Reason.OUTCOME_UNKNOWN,
                        Layout.DESCRIPTION + " in " + blobs.describe() + " may or may not be durable",
                        "Open the repository again",
                        null));
        if (description.repository().equals(mine.repository())) {
            putReserve();
        }
        return description;
    }

    private void putReserve() {
        byte[] noise = new byte[1 << 20];
        new SplittableRandom()
                .nextBytes(noise); // Only has to be incompressible; SecureRandom takes 0.25 s for it in a cold JVM.
        Layout.put(blobs, Layout.RESERVE, BlobContent.of(noise));
    }

    private static MarkFiles.Body sealed(OpenStore store, ContainerKind kind) {
        return new MarkFiles.Body() {
            @Override
            public byte[] seal(BlobName name, byte[] plain) {
                return store.containers().seal(kind, name.value(), plain);
            }

            @Override
            public byte[] open(BlobName name, byte[] stored) {
                return store.containers().open(kind, name.value(), stored);
            }
        };
    }

    /**
     * The keys that open it.
     *
     * @throws KeyException if none of the given ones does
     */
    public RepositoryKeys keys() {
        return KeySlots.keys(blobs, store().description().id(), providers);
    }

    @Override
    public SnapshotWriter begin(LongFunction<SnapshotId> naming) {
        OpenStore store = store();
        store.description().requireKnown("write");
        SnapshotClaims.Claim claim =
                claims.claim(naming, id -> blobs.stat(Sessions.manifest(id)).isPresent());
        recent().begun(claim);
        Sessions.Session session = store.sessions().write(claim.sequence(), claim.id(), Instant.now());
        try {
            return PackedWriter.begin(store, session, claim.id());
        } catch (RuntimeException | Error e) {
            store.sessions().end(session);
            throw e;
        }
    }

    private long highestOfSnapshots() {
        return store().manifests().list().stream()
                .mapToLong(stored -> stored instanceof StoredSnapshot.Committed committed
                        ? committed.metadata().sequence()
                        : SnapshotClaims.numberOf(stored.id()).orElse(0))
                .max()
                .orElse(0);
    }

    @Override
    public List<StoredSnapshot> list() {
        OpenStore store = store();
        // Sessions first: one that commits between the two listings is then listed as committed.
        List<Sessions.Session> sessions = store.sessions().list();
        List<StoredSnapshot> found = store.manifests().list();
        if (sessions.isEmpty()) {
            return found;
        }
        Set<SnapshotId> known = found.stream().map(StoredSnapshot::id).collect(Collectors.toCollection(HashSet::new));
        List<StoredSnapshot> all = new ArrayList<>();
        for (Sessions.Session session : sessions) {
            session.snapshot()
                    .filter(known::add)
                    .ifPresent(id -> all.add(new StoredSnapshot.Invalid(
                            id, "it has no manifest: it is being written, or its writer died", true)));
        }
        all.addAll(found);
        return all;
    }

    @Override
    public List<StoredSnapshot> listToContinue() {
        return recent().list();
    }

    private synchronized RecentSnapshots recent() {
        store();
        return Objects.requireNonNull(recent, "opened without snapshots");
    }

    @Override
    public SnapshotReader read(SnapshotId id) {
        return PackedReader.open(store(), id);
    }

    @Override
    public boolean delete(SnapshotId id) {
        OpenStore store = store();
        store.description().requireKnown("delete");
        if (!isCommitted(id)) {
            return fenceRemnant(store, id);
        }
        List<Sessions.Session> sessions = sessionsOf(store, id);
        blobs.delete(Sessions.manifest(id));
        store.manifests().forget(id);
        sessions.forEach(store.sessions()::end);
        marks().removeAll(id);
        return true;
    }

    @Override
    public boolean deleteRemnant(SnapshotId id) {
        OpenStore store = store();
        store.description().requireKnown("delete");
        if (!isCommitted(id)) {
            return fenceRemnant(store, id);
        }
        sessionsOf(store, id).forEach(store.sessions()::end);
        return false;
    }

    @Override
    public boolean isCommitted(SnapshotId id) {
        return blobs.stat(Sessions.manifest(id))
                .filter(blob -> !Sessions.isTombstone(blob.size()))
                .isPresent();
    }

    private static List<Sessions.Session> sessionsOf(OpenStore store, SnapshotId id) {
        return store.sessions().list().stream()
                .filter(session -> session.snapshot().equals(Optional.of(id)))
                .toList();
    }

    /** Marks are put before a snapshot is committed, so that a remnant may have some. */
    private boolean fenceRemnant(OpenStore store, SnapshotId id) {
        List<Sessions.Session> sessions = sessionsOf(store, id);
        sessions.forEach(store.sessions()::fence);
        marks().removeAll(id);
        return !sessions.isEmpty();
    }

    private synchronized MarkFiles marks() {
        store();
        if (marks == null) {
            throw new IllegalStateException("opened without marks");
        }
        return marks;
    }

    @Override
    public void mark(SnapshotId id, Mark mark) {
        marks().put(id, mark);
    }

    @Override
    public boolean unmark(SnapshotId id, Mark.Kind kind, String holder) {
        return marks().remove(id, kind, holder);
    }

    @Override
    public List<Mark> marks(SnapshotId id) {
        return marks().of(id);
    }

    @Override
    public Map<SnapshotId, List<Mark>> marks(Collection<SnapshotId> ids) {
        Map<String, List<Mark>> all = marks().ofAll();
        Map<SnapshotId, List<Mark>> marks = new HashMap<>();
        if (!all.isEmpty()) {
            ids.forEach(id -> marks.put(id, all.getOrDefault(id.value(), List.of())));
        }
        return marks;
    }

    private final RepositoryMaintenance maintenance = new RepositoryMaintenance() {
        @Override
        public SweepReport sweep(SweepRequest request) {
            OpenStore store = store();
            store.description().requireKnown("delete");
            return Sweep.run(store, claims, request);
        }

        @Override
        public RepositoryReport check(RepositoryCheck check) {
            OpenStore store = store();
            store.description().requireKnown("check");
            return Check.run(store, check);
        }

        @Override
        public RepairReport repair(RepositoryCheck check) {
            OpenStore store = store();
            store.description().requireKnown("write");
            return Repair.run(store, claims, check);
        }
    };

    /**
     * Copies to a second store what it lacks of this repository, oldest snapshots first, each with all it needs before its manifest. Resumable: an interrupted copy is a repository with
     * fewer snapshots, and the next one goes on from there. Every pack is compared with the hash in its name on the way. Segments of change logs go over after the snapshots. Nothing is
     * removed there. The keys are the same.
     *
     * @param target an empty store or an earlier copy; stays open
     * @throws DamagedRepositoryException if a blob is not what its name says; it was not copied
     * @throws ConfigurationException if the store holds another repository
     */
    public CopyReport copyTo(BlobStore target, ProgressListener progress, CancellationToken cancellation) {
        return RepositoryCopy.run(store(), target, progress, cancellation);
    }

    @Override
    public Optional<SegmentStore> segments() {
        return Optional.of(new SealedSegments(blobs, this::store));
    }

    @Override
    public Optional<Location> location() {
        return blobs.location();
    }

    @Override
    public List<Location> keyLocations() {
        return providers.stream().flatMap(key -> key.location().stream()).toList();
    }

    @Override
    public List<String> problems() {
        return keys().problems();
    }

    @Override
    public Optional<RepositoryMaintenance> maintenance() {
        return Optional.of(maintenance);
    }

    @Override
    public OptionalLong storedBytes() {
        return OptionalLong.of(Layout.bytesIn(blobs));
    }

    @Override
    public Optional<ProofStore> proofs() {
        OpenStore store = store();
        return Optional.of(new ProofBlobs(
                blobs,
                "",
                sealed(store, ContainerKind.PROOF),
                store.manifests()::proof,
                store.manifests()::knownProof));
    }

    @Override
    public String describe() {
        return "packed repository in " + blobs.describe();
    }

    @Override
    public synchronized void close() {
        if (open != null) {
            open.close();
        }
        blobs.close();
    }
}
