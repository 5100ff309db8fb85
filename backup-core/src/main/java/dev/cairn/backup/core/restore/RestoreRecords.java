package dev.cairn.backup.core.restore;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.json.JsonFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.PutOutcome;
import dev.cairn.backup.spi.StageContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of restores in the state store. Each is put once and never changed, so that any crash leaves a prefix of them:
 *
 * <pre>
 * restores/&lt;restore&gt;/intent                    before anything is staged: what is to be restored into which datasets
 * restores/&lt;restore&gt;/journal/&lt;dataset&gt;/&lt;key&gt;   what the datasets saved
 * restores/&lt;restore&gt;/outcome                   "done", the commit point, or empty for undone: whoever puts it first decides, before anything is rolled back
 * restores/&lt;restore&gt;/undone                    all datasets on disk are as before; values in memory may still have to be handed back
 * restores/&lt;restore&gt;/prepared                  all datasets on disk are finished; the host was down, and values in memory wait for its start
 * restores/&lt;restore&gt;/ended                     nothing is left to do; stays for ever, so that the id is never used again
 * </pre>
 */
public final class RestoreRecords {

    private static final String FOLDER = "restores";
    private static final String DONE = "done";

    /** Empty, because undoing must also be possible on a disk that is full. */
    private static final String UNDONE = "";

    private static final String PREFIX = "restore-";

    private final BlobStore state;

    /** The records in that state store. */
    public RestoreRecords(BlobStore state) {
        this.state = state;
    }

    /**
     * What a restore is about.
     *
     * @param target the snapshot
     * @param startedAt when it began
     * @param safety the snapshot of the state before, if one was taken
     * @param datasets what it replaces, in the order of the swaps
     */
    public record Intent(
            String target, String startedAt, @Nullable String safety, List<Target> datasets) {

        /** The snapshot's id. */
        SnapshotId targetId() {
            return SnapshotId.of(target);
        }

        /** The safety snapshot's id. */
        Optional<SnapshotId> safetyId() {
            return Optional.ofNullable(safety).map(SnapshotId::of);
        }

        JsonObject toJson() {
            return new JsonObject()
                    .put("target", target)
                    .put("startedAt", startedAt)
                    .put("safety", safety)
                    .put("datasets", datasets.stream().map(Target::toJson).toList());
        }

        static Intent of(JsonObject json) throws JsonFormatException {
            List<Target> datasets = new ArrayList<>();
            for (JsonObject dataset : json.objects("datasets")) {
                datasets.add(new Target(
                        dataset.text("name"),
                        dataset.text("kind"),
                        dataset.flag("inMemory"),
                        dataset.has("awaited") && dataset.flag("awaited"),
                        dataset.has("paths") ? dataset.texts("paths") : List.of()));
            }
            return new Intent(json.text("target"), json.text("startedAt"), json.textOrNull("safety"), datasets);
        }
    }

    /**
     * One dataset of a restore.
     *
     * @param name its name
     * @param kind what it is
     * @param inMemory whether it lives in the host's memory, and is handed back when the manager opens
     * @param awaited whether that host is down, so that the new value waits for its start
     * @param paths the only paths of it that are restored; empty for the whole
     */
    public record Target(String name, String kind, boolean inMemory, boolean awaited, List<String> paths) {

        static Target of(Dataset dataset, List<EntryPath> paths) {
            return new Target(
                    dataset.name(),
                    dataset.kind(),
                    dataset.location().isEmpty(),
                    dataset instanceof AwaitedDataset,
                    paths.stream().map(EntryPath::value).toList());
        }

        JsonObject toJson() {
            return new JsonObject()
                    .put("name", name)
                    .put("kind", kind)
                    .put("inMemory", inMemory)
                    .put("awaited", awaited)
                    .put("paths", paths);
        }
    }

    /** How far a restore has come, by its records. */
    enum Phase {
        /** Begun; to be undone. */
        INTENDED,
        /** Succeeded; to be finished. */
        DONE,
        /** Undone on disk; values in memory wait for their host. */
        UNDONE,
        /** Succeeded and finished on disk while the host was down; new values in memory wait for it. */
        PREPARED
    }

    /**
     * A restore that has not ended.
     *
     * @param id its id
     * @param intent what it is about
     * @param phase how far it has come
     */
    record Pending(String id, Intent intent, Phase phase) {}

    /** Claims an id and makes the intent durable. */
    String begin(Intent intent) {
        while (true) {
            long last = state.children(FOLDER).stream()
                    .mapToLong(RestoreRecords::number)
                    .max()
                    .orElse(0);
            String id = PREFIX + (last + 1);
            if (put(blob(id, "intent"), intent.toJson().toBytes())) {
                return id;
            }
        }
    }

    /** The order of restores is that of their numbers: clocks may go backwards. */
    private static long number(String id) {
        return id.matches(PREFIX + "[0-9]{1,18}") ? Long.parseLong(id.substring(PREFIX.length())) : 0;
    }

    /** All restores that have not ended, oldest first. */
    List<Pending> pending() {
        List<Pending> found = new ArrayList<>();
        for (String id : state.children(FOLDER)) {
            if (exists(id, "intent") && !exists(id, "ended")) {
                found.add(new Pending(id, read(blob(id, "intent")), phase(id)));
            }
        }
        found.sort(Comparator.comparingLong((Pending pending) -> number(pending.id())));
        return found;
    }

    private Phase phase(String id) {
        if (exists(id, "undone")) {
            return Phase.UNDONE;
        }
        if (exists(id, "prepared")) {
            return Phase.PREPARED;
        }
        return exists(id, "outcome") && isDecided(id, DONE) ? Phase.DONE : Phase.INTENDED;
    }

    /** The same restore as its records tell of it now. */
    Pending again(Pending pending) {
        return new Pending(pending.id(), pending.intent(), phase(pending.id()));
    }

    /** Decides that the restore has succeeded; false if another process has decided otherwise. */
    boolean decideDone(String id) {
        return decide(id, DONE);
    }

    /** Decides that the restore is undone, before anything is; false if it was decided that it has succeeded. */
    boolean decideUndone(String id) {
        return decide(id, UNDONE);
    }

    private boolean decide(String id, String word) {
        return put(blob(id, "outcome"), word.getBytes(StandardCharsets.US_ASCII)) || isDecided(id, word);
    }

    private boolean isDecided(String id, String word) {
        BlobName name = blob(id, "outcome");
        String decided;
        try (InputStream in = state.read(name)) {
            decided = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    name + " cannot be read: " + e,
                    "Look after the disk of the state store",
                    e);
        }
        if (!decided.equals(DONE) && !decided.equals(UNDONE)) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    name + " is damaged, so nobody knows whether " + id + " had succeeded",
                    "The disk of the state store has lost what it had acknowledged. Look whether the live data is that of before the restore or after it, and replace the record by an empty file or by the word done",
                    null);
        }
        return decided.equals(word);
    }

    /** All datasets on disk are as before. */
    void undone(String id) {
        put(blob(id, "undone"), new byte[0]);
    }

    /** All datasets on disk are finished; values in memory wait for their host. */
    void prepared(String id) {
        put(blob(id, "prepared"), new byte[0]);
    }

    /** The trash of restores, in the same state store. */
    TrashRecords trash() {
        return new TrashRecords(state);
    }

    /** What is remembered of restores that are done, in the same state store. */
    DoneRestores done() {
        return new DoneRestores(state);
    }

    /** Nothing is left to do: the records but the last go. */
    void ended(String id) {
        put(blob(id, "ended"), new byte[0]);
        state.deleteAll(state.list(FOLDER + "/" + id).stream()
                .map(BlobInfo::name)
                .filter(name -> !name.lastComponent().equals("ended"))
                .toList());
    }

    /** The context in which a dataset is staged, swapped and ended. */
    StageContext context(String id, Instant startedAt, String dataset, CancellationToken cancellation) {
        return new Journal(id, startedAt, FOLDER + "/" + id + "/journal/" + dataset, cancellation);
    }

    private boolean exists(String id, String record) {
        return state.stat(blob(id, record)).isPresent();
    }

    private static BlobName blob(String id, String record) {
        return BlobName.of(FOLDER + "/" + id + "/" + record);
    }

    private boolean put(BlobName name, byte[] body) {
        PutOutcome outcome = state.putIfAbsent(name, BlobContent.of(body));
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "The record " + name + " in " + state.describe() + " may not be durable",
                    "Look after the disk of the state store",
                    null);
        }
        return outcome == PutOutcome.CREATED;
    }

    private Intent read(BlobName name) {
        try (InputStream in = state.read(name)) {
            return Intent.of(JsonObject.parse(in.readAllBytes()));
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Reason.IO,
                    name + " in the state store " + state.describe() + " cannot be read: " + e.getMessage(),
                    "Look after the disk of the state store; a restore is pending and must be ended before the host starts",
                    e);
        }
    }

    private final class Journal implements StageContext {

        private final String id;
        private final Instant startedAt;
        private final String folder;
        private final CancellationToken cancellation;

        Journal(String id, Instant startedAt, String folder, CancellationToken cancellation) {
            this.id = id;
            this.startedAt = startedAt;
            this.folder = folder;
            this.cancellation = cancellation;
        }

        @Override
        public String restoreId() {
            return id;
        }

        @Override
        public Instant startedAt() {
            return startedAt;
        }

        @Override
        public CancellationToken cancellation() {
            return cancellation;
        }

        @Override
        public void save(String key, byte[] value) {
            if (!put(BlobName.of(folder + "/" + key), value)
                    && !Arrays.equals(value, load(key).orElse(null))) {
                throw new IllegalStateException("restore " + id + " has another value under " + key);
            }
        }

        @Override
        public Optional<byte[]> load(String key) {
            BlobName name = BlobName.of(folder + "/" + key);
            if (state.stat(name).isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = state.read(name)) {
                return Optional.of(in.readAllBytes());
            } catch (IOException e) {
                throw new StoreException(
                        StoreException.Reason.IO,
                        name + " cannot be read: " + e,
                        "Look after the disk of the state store",
                        e);
            }
        }
    }
}
