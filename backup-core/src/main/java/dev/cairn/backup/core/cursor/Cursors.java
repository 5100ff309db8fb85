package dev.cairn.backup.core.cursor;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.cursor.ReleaseFloor;
import dev.cairn.backup.cursor.RetainedCut;
import dev.cairn.backup.cursor.SnapshotCut;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The cuts in snapshots. A cut is stored as a dataset of its own, so that it is frozen, verified, copied and restored like all else, and a listing of snapshots stays small whatever a dedup window
 * holds. Thread-safe.
 */
public final class Cursors {

    private static final String DATASET = CursorDataset.NAME;
    private static final CutCodec CODEC = new CutCodec();

    private final SnapshotRepository repository;
    private final Map<SnapshotId, Optional<SnapshotCut>> heads = new ConcurrentHashMap<>();

    /** The cuts of that repository. */
    public Cursors(SnapshotRepository repository) {
        this.repository = repository;
    }

    /**
     * The cut of a snapshot; empty if it holds none.
     *
     * @throws dev.cairn.backup.BackupException if it cannot be read
     */
    public Optional<SnapshotCut> cut(SnapshotId id) {
        return read(id, in -> CODEC.decode(in, CODEC.schemaVersion()));
    }

    /**
     * What sources must keep for the snapshots that are there.
     *
     * @param retained every snapshot that may be restored
     */
    public ReleaseFloor floor(
            Epochs epochs, Collection<SnapshotMetadata> retained, Duration replayHorizon, Instant now) {
        heads.keySet().retainAll(retained.stream().map(SnapshotMetadata::id).toList());
        List<RetainedCut> cuts = new ArrayList<>();
        for (SnapshotMetadata metadata : retained) {
            head(metadata).ifPresent(cut -> cuts.add(new RetainedCut(metadata.id(), metadata.createdAt(), cut)));
        }
        return ReleaseFloor.of(epochs.current(), cuts, replayHorizon, now);
    }

    private Optional<SnapshotCut> head(SnapshotMetadata metadata) {
        Optional<SnapshotCut> known = heads.get(metadata.id());
        if (known == null) {
            known = metadata.dataset(DATASET).isPresent() ? read(metadata.id(), CODEC::decodeHead) : Optional.empty();
            heads.put(metadata.id(), known);
        }
        return known;
    }

    private interface Reading {
        SnapshotCut from(InputStream in) throws IOException;
    }

    private Optional<SnapshotCut> read(SnapshotId id, Reading reading) {
        try (SnapshotReader reader = repository.read(id)) {
            if (reader.manifest().metadata().dataset(DATASET).isEmpty()) {
                return Optional.empty();
            }
            try (EntryCursor entries = reader.dataset(DATASET).entries()) {
                for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
                    if (entry.path().value().equals(CODEC.fileName())) {
                        try (InputStream in = entry.content().open()) {
                            return Optional.of(reading.from(in));
                        }
                    }
                }
            }
            throw damaged(id, "is not there", null);
        } catch (IOException | InvalidValueException | LimitExceededException e) {
            throw damaged(id, "cannot be read", e);
        }
    }

    private static DamagedSnapshotException damaged(SnapshotId id, String problem, @Nullable Exception cause) {
        return new DamagedSnapshotException(id, DATASET + "/" + CODEC.fileName(), problem, cause);
    }
}
