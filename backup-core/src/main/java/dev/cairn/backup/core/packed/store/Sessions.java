package dev.cairn.backup.core.packed.store;

import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.PutOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records of running writers and sweeps, and the fence that ends a writer which is believed dead. See {@code docs/repository-format.md}, section 11. Safe for many
 * threads and processes.
 */
public final class Sessions {

    /** What stands in the place of a manifest when its writer was fenced. */
    public static final String TOMBSTONE = "tombstone\n";

    private static final Pattern NAME = Pattern.compile("(0[0-9]{18})(?:-([A-Za-z0-9][A-Za-z0-9._-]*)|\\+sweep)");

    private static final Pattern STARTED = Pattern.compile("\"started\"\\s*:\\s*\"([^\"]{1,40})\"");
    private static final int MOST_BYTES = 64 << 10;

    private final BlobStore blobs;

    /**
     * A running writer or sweep.
     *
     * @param number its claimed number
     * @param snapshot what it writes; empty for a sweep
     * @param blob its record
     */
    public record Session(long number, Optional<SnapshotId> snapshot, BlobName blob) {}

    /** The sessions in the store. */
    public Sessions(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** Records a writer; durable when it returns. */
    public Session write(long number, SnapshotId id, Instant now) {
        return put(number, Optional.of(id), "-" + id, now);
    }

    /** Records a sweep; durable when it returns. */
    public Session sweep(long number, Instant now) {
        return put(number, Optional.empty(), "+sweep", now);
    }

    private Session put(long number, Optional<SnapshotId> id, String suffix, Instant now) {
        BlobName name = BlobName.of(Layout.SESSIONS + "/%019d%s".formatted(number, suffix));
        Layout.put(blobs, name, BlobContent.of("{\"started\":\"" + now + "\"}"));
        return new Session(number, id, name);
    }

    /** All that run, or whose process died, by number. */
    public List<Session> list() {
        List<Session> found = new ArrayList<>();
        for (String name : blobs.children(Layout.SESSIONS)) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                found.add(new Session(
                        Long.parseLong(matcher.group(1)),
                        Optional.ofNullable(matcher.group(2)).map(SnapshotId::of),
                        BlobName.of(Layout.SESSIONS + "/" + name)));
            }
        }
        found.sort(java.util.Comparator.comparingLong(Session::number));
        return found;
    }

    /** When it began, by its process's clock; empty if it has ended, or its record does not tell. */
    public Optional<Instant> started(Session session) {
        try {
            String json = new String(Layout.read(blobs, session.blob(), MOST_BYTES), StandardCharsets.UTF_8);
            Matcher matcher = STARTED.matcher(json);
            return matcher.find() ? Optional.of(Instant.parse(matcher.group(1))) : Optional.empty();
        } catch (BlobNotFoundException | DamagedRepositoryException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Removes the record. */
    public void end(Session session) {
        blobs.delete(session.blob());
    }

    /** Where a snapshot's manifest is. */
    public static BlobName manifest(SnapshotId id) {
        return BlobName.of(Layout.SNAPSHOTS + "/" + id);
    }

    /** Whether a blob of that size in the place of a manifest is a tombstone; no container is that small. */
    public static boolean isTombstone(long size) {
        return size == TOMBSTONE.length();
    }

    /**
     * Makes sure that a writer never commits, then removes its record.
     *
     * @throws StoreException if it has just committed, or nobody knows
     */
    public void fence(Session session) {
        if (session.snapshot().isPresent()) {
            BlobName manifest = manifest(session.snapshot().get());
            PutOutcome outcome = blobs.putIfAbsent(manifest, BlobContent.of(TOMBSTONE));
            boolean fencedBefore = outcome == PutOutcome.EXISTS
                    && blobs.stat(manifest)
                            .filter(blob -> isTombstone(blob.size()))
                            .isPresent();
            if (outcome != PutOutcome.CREATED && !fencedBefore) {
                throw new StoreException(
                        StoreException.Reason.IO,
                        "The writer of '" + session.snapshot().get() + "' could not be fenced (" + outcome
                                + "): it may just have committed",
                        "Prune again",
                        null);
            }
        }
        end(session);
    }
}
