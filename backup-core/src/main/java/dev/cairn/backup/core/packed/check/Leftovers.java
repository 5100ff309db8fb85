package dev.cairn.backup.core.packed.check;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.packed.store.Layout;
import dev.cairn.backup.core.packed.store.OpenStore;
import dev.cairn.backup.core.packed.store.Sessions;
import dev.cairn.backup.spi.BlobName;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Removes what processes that died have left and what only keeps sweeps from their work. For one caller. */
final class Leftovers {

    private static final int MOST_SESSION_BYTES = 64 << 10;
    private final OpenStore store;
    private final Sessions.Session own;
    private final InstantSource clock;
    private final List<String> actions;

    Leftovers(OpenStore store, Sessions.Session own, InstantSource clock, List<String> actions) {
        this.store = store;
        this.own = own;
        this.clock = clock;
        this.actions = actions;
    }

    void remove() {
        drains();
        readers();
        sessions();
    }

    private void remove(BlobName blob, String why) {
        if (store.blobs().delete(blob)) {
            actions.add("Removed " + blob + ", " + why);
        }
    }

    /** A record is put before its drain and removed before it, so a drain without one belongs to none that will come. */
    private void drains() {
        for (String name : new TreeSet<>(store.blobs().children(Layout.CONDEMNED))) {
            if (name.matches("[0-9]{19}\\.drain")) {
                BlobName drain = BlobName.of(Layout.CONDEMNED + "/" + name);
                BlobName record = BlobName.of(Layout.CONDEMNED + "/" + name.substring(0, 19));
                if (store.blobs().stat(record).isEmpty()) {
                    remove(drain, "whose record of condemned packs was carried out");
                }
            }
        }
    }

    private void readers() {
        ReaderRecords records = ReaderRecords.read(store);
        records.damaged()
                .keySet()
                .forEach(record ->
                        remove(record, "a reader's record that cannot be read, so that no sweep could go on"));
        records.began().forEach((record, began) -> {
            if (Repair.isOld(began, clock.instant())) {
                remove(record, "a reader that began at " + began);
            }
        });
    }

    private void sessions() {
        for (Sessions.Session session : store.sessions().list()) {
            if (session.equals(own)) {
                continue;
            }
            if (session.snapshot().isPresent()) {
                if (store.blobs()
                        .stat(Sessions.manifest(session.snapshot().get()))
                        .isPresent()) {
                    remove(session.blob(), "the session of a writer that has committed or was fenced");
                }
                continue;
            }
            Optional<Instant> began = began(session);
            if (began.isEmpty() || Repair.isOld(began.get(), clock.instant())) {
                remove(
                        session.blob(),
                        "the session of a sweep that "
                                + began.map(at -> "began at " + at).orElse("says no time"));
            }
        }
    }

    private Optional<Instant> began(Sessions.Session session) {
        try {
            JsonObject json = JsonObject.parse(Layout.read(store.blobs(), session.blob(), MOST_SESSION_BYTES));
            return Optional.of(Instant.parse(json.text("started")));
        } catch (BlobNotFoundException e) {
            return Optional.of(clock.instant()); // It has ended meanwhile.
        } catch (DamagedRepositoryException | IOException | DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
