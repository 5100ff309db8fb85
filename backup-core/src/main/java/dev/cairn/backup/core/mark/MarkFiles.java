package dev.cairn.backup.core.mark;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Marks as small blobs {@code <folder>/<id>/<KIND>/@<holder>@/<n>}. A mark is replaced by putting the next number, then removing the lower ones, so
 * that at each moment one stands. What a mark states is in its name: a damaged body never hides a pin.
 */
public final class MarkFiles {

    private final BlobStore store;
    private final String root;
    private final Body body;

    /** How the body of a mark is kept: as it is, or encrypted. */
    public interface Body {

        /** As it is. */
        Body PLAIN = new Body() {
            @Override
            public byte[] seal(BlobName name, byte[] plain) {
                return plain;
            }

            @Override
            public byte[] open(BlobName name, byte[] stored) {
                return stored;
            }
        };

        /** What is stored. */
        byte[] seal(BlobName name, byte[] plain);

        /**
         * What was sealed.
         *
         * @throws dev.cairn.backup.BackupException if it is damaged
         */
        byte[] open(BlobName name, byte[] stored);
    }

    /**
     * @param root the folder that holds the marks
     * @param body how their bodies are kept
     */
    public MarkFiles(BlobStore store, String root, Body body) {
        this.store = store;
        this.root = root;
        this.body = body;
    }

    /** Adds a mark, or replaces one of the same kind and holder. Durable when it returns. */
    public void put(SnapshotId id, Mark mark) {
        String folder = folder(id, mark.kind(), mark.holder());
        byte[] plain = new JsonObject()
                .put("at", mark.at().toString())
                .put("reason", mark.reason())
                .toBytes();
        List<BlobInfo> before = store.list(folder);
        long next =
                1 + before.stream().mapToLong(blob -> number(blob.name())).max().orElse(0);
        BlobName name = BlobName.of(folder + "/" + next);
        PutOutcome outcome = store.putIfAbsent(name, BlobContent.of(body.seal(name, plain)));
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "The mark " + mark.kind() + " of snapshot '" + id + "' may not be durable",
                    "Mark it again",
                    null);
        }
        store.deleteAll(before.stream().map(BlobInfo::name).toList());
    }

    /** Removes a mark and tells whether there was one. */
    public boolean remove(SnapshotId id, Mark.Kind kind, String holder) {
        List<BlobName> all = store.list(folder(id, kind, holder)).stream()
                .map(BlobInfo::name)
                .toList();
        store.deleteAll(all);
        return !all.isEmpty();
    }

    /** Removes all marks of a snapshot. */
    public void removeAll(SnapshotId id) {
        store.deleteAll(store.list(folder(id)).stream().map(BlobInfo::name).toList());
    }

    /** The marks of a snapshot. */
    public List<Mark> of(SnapshotId id) {
        return read(folder(id)).getOrDefault(id.value(), List.of());
    }

    /** The marks of all snapshots that have any, in one listing. */
    public Map<String, List<Mark>> ofAll() {
        return read(root);
    }

    private Map<String, List<Mark>> read(String folder) {
        while (true) {
            try {
                return readOnce(folder);
            } catch (BlobNotFoundException e) {
                // Replaced or removed between the listing and its reading: look again.
            }
        }
    }

    private Map<String, List<Mark>> readOnce(String folder) {
        Map<String, BlobName> newest = new LinkedHashMap<>();
        for (BlobInfo blob : store.list(folder)) {
            String name = blob.name().value();
            newest.merge(
                    name.substring(0, name.lastIndexOf('/')), blob.name(), (a, b) -> number(a) > number(b) ? a : b);
        }
        Map<String, List<Mark>> marks = new HashMap<>();
        newest.forEach((place, blob) -> {
            String[] parts = place.substring(root.length() + 1).split("/");
            if (parts.length == 3 && isKind(parts[1])) {
                marks.computeIfAbsent(parts[0], id -> new ArrayList<>())
                        .add(read(Mark.Kind.valueOf(parts[1]), holder(parts[2]), blob));
            }
        });
        return marks;
    }

    private Mark read(Mark.Kind kind, String holder, BlobName blob) {
        try (InputStream in = store.read(blob)) {
            JsonObject fields = JsonObject.parse(body.open(blob, in.readAllBytes()));
            return new Mark(kind, holder, Instant.parse(fields.text("at")), fields.text("reason"));
        } catch (BlobNotFoundException e) {
            throw e;
        } catch (IOException | BackupException | java.time.format.DateTimeParseException e) {
            return new Mark(kind, holder, Instant.EPOCH, "(the mark's time and reason cannot be read)");
        }
    }

    private static boolean isKind(String text) {
        for (Mark.Kind kind : Mark.Kind.values()) {
            if (kind.name().equals(text)) {
                return true;
            }
        }
        return false;
    }

    private String folder(SnapshotId id) {
        return root + "/" + id;
    }

    private String folder(SnapshotId id, Mark.Kind kind, String holder) {
        if (!holder.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new InvalidValueException("holder", holder, "1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        return folder(id) + "/" + kind + "/" + enclosed(holder);
    }

    /** Signs around it, so that no holder ends with a dot or is a device's name, which a blob's name may not. */
    private static String enclosed(String holder) {
        return "@" + holder + "@";
    }

    private static String holder(String enclosed) {
        return enclosed.length() < 3 ? enclosed : enclosed.substring(1, enclosed.length() - 1);
    }

    private static long number(BlobName blob) {
        String text = blob.lastComponent();
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
