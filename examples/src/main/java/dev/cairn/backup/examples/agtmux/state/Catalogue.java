package dev.cairn.backup.examples.agtmux.state;

import dev.cairn.backup.SnapshotMetadata;
import java.util.List;

/**
 * The catalogue of snapshots, {@code state_snapshot_v2}: a copy of what the repository lists, for whoever queries the database. It is no part of what is restored, or a restore would take back the
 * knowledge of every later snapshot. Each change is durable when the call returns. Thread-safe.
 */
public final class Catalogue {

    private final StateStore store;
    private final StateDatabase database;

    Catalogue(StateStore store, StateDatabase database) {
        this.store = store;
        this.database = database;
    }

    /** A snapshot became durable. */
    public void add(SnapshotMetadata snapshot) {
        change(() -> insert(snapshot));
    }

    /** A snapshot was removed. */
    public void remove(String id) {
        change(() -> database.run("DELETE FROM state_snapshot_v2 WHERE snapshot_id = ?", id));
    }

    /** What the repository lists at the start. */
    public void replace(List<SnapshotMetadata> listed) {
        change(() -> {
            database.run("DELETE FROM state_snapshot_v2");
            listed.forEach(this::insert);
        });
    }

    /** The ids, oldest first. */
    public List<String> ids() {
        return store.locked(() -> database.query(
                "SELECT snapshot_id FROM state_snapshot_v2 ORDER BY created_at_ms, length(snapshot_id), snapshot_id",
                row -> row.getString(1)));
    }

    private void change(Runnable change) {
        store.locked(() -> {
            change.run();
            store.checkpoint();
            return null;
        });
    }

    private void insert(SnapshotMetadata snapshot) {
        database.run(
                "INSERT OR REPLACE INTO state_snapshot_v2 VALUES(?, ?, ?, ?, ?, ?, ?)",
                snapshot.id().value(),
                snapshot.createdAt().toEpochMilli(),
                snapshot.projectionVersion().orElse(0),
                snapshot.counts().getOrDefault("sessions", 0L),
                snapshot.counts().getOrDefault("panes", 0L),
                snapshot.trigger().name(),
                snapshot.sizeBytes());
    }
}
