package dev.cairn.backup.core.browse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Mark;
import dev.cairn.backup.spi.PutOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Marks as small blobs {@code .cairn/marks/<id>/<KIND>/<holder>/<n>}. A mark is replaced by putting the next number, then removing the lower ones, so
 * that at each moment one stands. What a mark states is in its name: a damaged body never hides a pin.
 */
final class MarkFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlobStore store;

    MarkFiles(BlobStore store) {
        this.store = store;
    }

    void put(SnapshotId id, Mark mark) {
        String folder = folder(id, mark.kind(), mark.holder());
        byte[] body;
        try {
            body = JSON.writeValueAsBytes(Map.of("at", mark.at().toString(), "reason", mark.reason()));
        } catch (IOException e) {
            throw new IllegalStateException("two strings cannot be written as JSON", e);
        }
        List<BlobInfo> before = store.list(folder);
        long next =
                1 + before.stream().mapToLong(blob -> number(blob.name())).max().orElse(0);
        PutOutcome outcome = store.putIfAbsent(BlobName.of(folder + "/" + next), BlobContent.of(body));
        if (outcome == PutOutcome.UNKNOWN) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "The mark " + mark.kind() + " of snapshot '" + id + "' may not be durable",
                    "Mark it again",
                    null);
        }
        store.deleteAll(before.stream().map(BlobInfo::name).toList());
    }

    boolean remove(SnapshotId id, Mark.Kind kind, String holder) {
        List<BlobName> all = store.list(folder(id, kind, holder)).stream()
                .map(BlobInfo::name)
                .toList();
        store.deleteAll(all);
        return !all.isEmpty();
    }

    void removeAll(SnapshotId id) {
        store.deleteAll(store.list(folder(id)).stream().map(BlobInfo::name).toList());
    }

    List<Mark> of(SnapshotId id) {
        while (true) {
            try {
                return read(id);
            } catch (BlobNotFoundException e) {
                // Replaced or removed between the listing and its reading: look again.
            }
        }
    }

    private List<Mark> read(SnapshotId id) {
        String folder = folder(id);
        Map<String, BlobName> newest = new LinkedHashMap<>();
        for (BlobInfo blob : store.list(folder)) {
            String name = blob.name().value();
            newest.merge(
                    name.substring(0, name.lastIndexOf('/')), blob.name(), (a, b) -> number(a) > number(b) ? a : b);
        }
        List<Mark> marks = new ArrayList<>();
        newest.forEach((place, blob) -> {
            String[] kindAndHolder = place.substring(folder.length()).split("/"); // Begins with a slash, if anything.
            if (kindAndHolder.length == 3 && isKind(kindAndHolder[1])) {
                marks.add(read(Mark.Kind.valueOf(kindAndHolder[1]), holder(kindAndHolder[2]), blob));
            }
        });
        return marks;
    }

    private Mark read(Mark.Kind kind, String holder, BlobName blob) {
        try (InputStream in = store.read(blob)) {
            JsonNode body = JSON.readTree(in);
            return new Mark(
                    kind,
                    holder,
                    Instant.parse(body.path("at").asText()),
                    body.path("reason").asText());
        } catch (IOException | java.time.format.DateTimeParseException e) {
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

    private static String folder(SnapshotId id) {
        return ".cairn/marks/" + id;
    }

    private static String folder(SnapshotId id, Mark.Kind kind, String holder) {
        if (!holder.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new InvalidValueException("holder", holder, "1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        return folder(id) + "/" + kind + "/" + EscapedNames.component(holder);
    }

    /** The holder that was escaped; it has none of the characters that decoding would take for others. */
    private static String holder(String escaped) {
        return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
    }

    private static long number(BlobName blob) {
        String text = blob.lastComponent();
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
