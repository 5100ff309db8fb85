package dev.cairn.backup.testkit;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.spi.StoredSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongFunction;

/** The least that keeps the contract: a blob for each file, a listing for each dataset, a manifest that is written last. */
final class PlainRepository implements SnapshotRepository {

    final BlobStore store;

    PlainRepository(BlobStore store) {
        this.store = store;
    }

    @Override
    public void open() {
        store.list("sessions");
    }

    @Override
    public SnapshotWriter begin(LongFunction<SnapshotId> naming) {
        long sequence = store.children("sessions").stream()
                .mapToLong(Long::parseLong)
                .max()
                .orElse(0);
        do {
            sequence++;
        } while (!claimed("sessions/%020d".formatted(sequence)));
        SnapshotId id = naming.apply(sequence);
        if (!claimed("ids/" + id)) {
            throw new SnapshotExistsException(id);
        }
        return new PlainWriter(this, id, sequence);
    }

    private boolean claimed(String name) {
        return put(name, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether this call's bytes are now under the name. */
    boolean put(String name, byte[] bytes) {
        BlobName blob = BlobName.of(name);
        PutOutcome outcome = store.putIfAbsent(blob, BlobContent.of(bytes));
        if (outcome != PutOutcome.UNKNOWN) {
            return outcome == PutOutcome.CREATED;
        }
        Optional<BlobInfo> there = store.stat(blob);
        if (there.isEmpty()) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN, "'" + name + "' may be lost", "Try again", null);
        }
        return Arrays.equals(bytes, store.readRange(blob, 0, (int) there.get().size()));
    }

    byte[] get(SnapshotId id, String name) {
        try {
            BlobName blob = BlobName.of(name);
            BlobInfo info = store.stat(blob).orElseThrow(() -> new BlobNotFoundException(name));
            return store.readRange(blob, 0, (int) info.size());
        } catch (BlobNotFoundException e) {
            throw new DamagedSnapshotException(id, name, "is missing", e);
        }
    }

    @Override
    public List<StoredSnapshot> list() {
        Set<String> ids = new TreeSet<>(store.children("data"));
        Set<String> manifests = store.children("snapshots");
        ids.addAll(manifests);
        List<StoredSnapshot> all = new ArrayList<>();
        for (String id : ids) {
            try {
                if (manifests.contains(id)) {
                    all.add(new StoredSnapshot.Committed(
                            manifest(SnapshotId.of(id)).metadata()));
                } else {
                    all.add(new StoredSnapshot.Invalid(SnapshotId.of(id), "there is no manifest", true));
                }
            } catch (DamagedSnapshotException e) {
                all.add(new StoredSnapshot.Invalid(SnapshotId.of(id), e.getMessage(), false));
            }
        }
        all.sort(Comparator.comparingLong(PlainRepository::sequence));
        return all;
    }

    private static long sequence(StoredSnapshot snapshot) {
        return snapshot instanceof StoredSnapshot.Committed committed
                ? committed.metadata().sequence()
                : 0;
    }

    SnapshotManifest manifest(SnapshotId id) {
        byte[] bytes = get(id, "snapshots/" + id);
        SnapshotManifest manifest = PlainFormat.damagedUnless(
                id, "snapshots/" + id, () -> PlainFormat.manifest(PlainFormat.unsealed(bytes)));
        if (!manifest.metadata().id().equals(id)) {
            throw new DamagedSnapshotException(
                    id, "snapshots/" + id, "is that of " + manifest.metadata().id(), null);
        }
        return manifest;
    }

    @Override
    public SnapshotReader read(SnapshotId id) {
        if (store.stat(BlobName.of("snapshots/" + id)).isEmpty()) {
            throw new SnapshotNotFoundException(id);
        }
        SnapshotManifest manifest = manifest(id);
        return new SnapshotReader() {
            @Override
            public SnapshotManifest manifest() {
                return manifest;
            }

            @Override
            public DatasetReader dataset(String name) {
                return new PlainReader(
                        PlainRepository.this,
                        manifest.metadata(),
                        manifest.metadata()
                                .dataset(name)
                                .orElseThrow(
                                        () -> new InvalidValueException("dataset", name, "one of the snapshot's")));
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    public boolean delete(SnapshotId id) {
        boolean any = store.delete(BlobName.of("snapshots/" + id));
        for (String folder : List.of("marks/" + id, "data/" + id)) {
            for (BlobInfo blob : store.list(folder)) {
                any |= store.delete(blob.name());
            }
        }
        return any;
    }

    @Override
    public boolean deleteRemnant(SnapshotId id) {
        return store.stat(BlobName.of("snapshots/" + id)).isEmpty() && delete(id);
    }

    @Override
    public void mark(SnapshotId id, Mark mark) {
        List<String> older = markNames(id, mark.kind(), mark.holder());
        String text = mark.at() + "\n" + mark.reason();
        int n = 0;
        while (!put(prefix(id, mark.kind(), mark.holder()) + n, text.getBytes(StandardCharsets.UTF_8))) {
            n++;
        }
        older.forEach(name -> store.delete(BlobName.of(name)));
    }

    @Override
    public boolean unmark(SnapshotId id, Mark.Kind kind, String holder) {
        boolean any = false;
        for (String name : markNames(id, kind, holder)) {
            any |= store.delete(BlobName.of(name));
        }
        return any;
    }

    @Override
    public List<Mark> marks(SnapshotId id) {
        List<Mark> marks = new ArrayList<>();
        for (String child : store.children("marks/" + id)) {
            String[] parts = child.split(",", -1);
            String[] text = new String(get(id, "marks/" + id + "/" + child), StandardCharsets.UTF_8).split("\n", 2);
            marks.add(new Mark(Mark.Kind.valueOf(parts[0]), parts[1], Instant.parse(text[0]), text[1]));
        }
        return marks;
    }

    private List<String> markNames(SnapshotId id, Mark.Kind kind, String holder) {
        return store.list("marks/" + id).stream()
                .map(blob -> blob.name().value())
                .filter(name -> name.startsWith(prefix(id, kind, holder)))
                .toList();
    }

    private static String prefix(SnapshotId id, Mark.Kind kind, String holder) {
        return "marks/" + id + "/" + kind + "," + holder + ",";
    }

    @Override
    public Optional<Location> location() {
        return store.location();
    }

    @Override
    public String describe() {
        return "plain in " + store.describe();
    }

    @Override
    public void close() {
        // The store is the caller's.
    }
}
