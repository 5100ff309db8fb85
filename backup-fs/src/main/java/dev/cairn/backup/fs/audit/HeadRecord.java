package dev.cairn.backup.fs.audit;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobInfo;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.spi.PutOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The head record in the state store. Blobs cannot be replaced, so each value is a blob of its own, {@code audit/<name>/<number>}; the one with the highest
 * number counts. Old ones are removed a few at a time, because a removal costs a force of the folder. The log's one writer is the only one who puts. Not
 * thread-safe but for {@link #read}.
 */
public final class HeadRecord {

    private static final Logger LOG = LoggerFactory.getLogger(HeadRecord.class);
    private static final int KEPT = 32;
    private static final int MAX_BYTES = 4096;

    private final BlobStore state;
    private final String folder;
    private long number = -1;
    private int put;

    /** The record of the log of that name; nothing is read yet. */
    public HeadRecord(BlobStore state, String name) {
        this.state = state;
        this.folder = "audit/" + name;
    }

    /** Where its store lies, if that is a place. */
    Optional<Location> location() {
        return state.location();
    }

    /** Where it is, for messages. */
    String place() {
        return folder + " in " + state.describe();
    }

    /**
     * The value, if one was ever put.
     *
     * @throws StoreException if it cannot be read
     */
    public Optional<Head> read() {
        while (true) {
            Optional<BlobName> newest = newest();
            if (newest.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = state.read(newest.get())) {
                return Optional.of(parse(in.readNBytes(MAX_BYTES)));
            } catch (BlobNotFoundException e) {
                // Replaced between the listing and its reading: look again.
            } catch (IOException | InvalidValueException e) {
                throw new StoreException(
                        StoreException.Reason.IO,
                        "The head record of the audit log, " + newest.get() + " in " + state.describe()
                                + ", cannot be read: " + e.getMessage(),
                        "Restore the state store's disk; if it is lost for good, open the log with acceptDamage(operator, reason) on an empty one",
                        e);
            }
        }
    }

    /**
     * Replaces the value; durable when this returns.
     *
     * @throws StoreException if it is not known to be durable
     */
    void put(Head head) {
        if (number < 0) {
            number = newest().map(HeadRecord::numberOf).orElse(0L);
        }
        PutOutcome outcome = PutOutcome.UNKNOWN;
        try {
            outcome = state.putIfAbsent(name(number + 1), BlobContent.of(json(head)));
        } finally {
            // Whatever became of it, the number is looked up anew.
            number = outcome == PutOutcome.CREATED ? number + 1 : -1;
        }
        if (outcome != PutOutcome.CREATED) {
            throw new StoreException(
                    StoreException.Reason.OUTCOME_UNKNOWN,
                    "The head record of the audit log in " + state.describe() + " may not be durable",
                    "Look after the disk of the state store",
                    null);
        }
        if (++put % KEPT == 0) {
            removeOld();
        }
    }

    private void removeOld() {
        try {
            state.deleteAll(state.list(folder).stream()
                    .map(BlobInfo::name)
                    .filter(name -> numberOf(name) < number)
                    .toList());
        } catch (BackupException e) { // The value is durable; what is old goes another time.
            LOG.debug("Old head records in {} stay", state.describe(), e);
        }
    }

    private BlobName name(long value) {
        return BlobName.of(folder + "/%019d".formatted(value));
    }

    private Optional<BlobName> newest() {
        return state.list(folder).stream()
                .map(BlobInfo::name)
                .filter(name -> numberOf(name) > 0)
                .max((a, b) -> Long.compare(numberOf(a), numberOf(b)));
    }

    private static long numberOf(BlobName name) {
        String last = name.lastComponent();
        return last.matches("0[0-9]{18}") ? Long.parseLong(last) : 0;
    }

    private static byte[] json(Head head) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = Line.JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            out.writeStartObject();
            out.writeStringField("chain", head.chain());
            out.writeStringField("sequence", Long.toString(head.last().sequence()));
            out.writeStringField("hash", head.last().hash());
            out.writeStringField("beforeSequence", Long.toString(head.before().sequence()));
            out.writeStringField("beforeHash", head.before().hash());
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("plain values cannot be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    private static Head parse(byte[] json) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = Line.JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is no JSON object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                fields.put(name, String.valueOf(parser.nextTextValue()));
            }
        }
        return new Head(
                required(fields, "chain"),
                new AuditPosition(number(fields, "sequence"), required(fields, "hash")),
                new AuditPosition(number(fields, "beforeSequence"), required(fields, "beforeHash")));
    }

    private static long number(Map<String, String> fields, String name) throws IOException {
        try {
            return Long.parseLong(required(fields, name));
        } catch (NumberFormatException e) {
            throw new IOException("the field '" + name + "' is no number", e);
        }
    }

    private static String required(Map<String, String> fields, String name) throws IOException {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new IOException("the field '" + name + "' is absent");
        }
        return value;
    }
}
