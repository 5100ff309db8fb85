package dev.cairn.backup.fs.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.AuditEvent.IncidentCode;
import dev.cairn.backup.Incident;
import dev.cairn.backup.InvalidValueException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the log itself has to know of a line. Fields that it does not know are passed over, so that later releases may add some.
 *
 * @param sequence its number in the log
 * @param previous the hash of the line before
 * @param time when
 * @param kind what it is; a kind that is not known is carried like an event
 * @param actor who
 * @param chain in the first line of a file: the name of the chain
 * @param carried in the first line of a file: how many open incidents follow it
 * @param incident what it says of an incident; with a closing, only id and closing count
 */
record Line(
        long sequence,
        String previous,
        Instant time,
        String kind,
        String actor,
        @Nullable String chain,
        long carried,
        @Nullable Incident incident) {

    static final String CHAIN = "chain";
    static final String EVENT = "event";
    static final String OPENED = "incident-opened";
    static final String CARRIED = "incident-carried";
    static final String CLOSED = "incident-closed";

    static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** The format of the lines, told in the first line of each file. */
    static final long FORMAT = 1;

    /** A closing says nothing of what was reported. */
    private static final Incident.Report NOTHING =
            new Incident.Report(Instant.EPOCH, "", new IncidentCode("closed", AlertSeverity.INFO), "", List.of());

    /**
     * Reads a line.
     *
     * @throws IOException if it is none, telling why
     */
    static Line parse(byte[] json) throws IOException {
        Map<String, Object> fields;
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it is no JSON object");
            }
            fields = object(parser);
            if (parser.nextToken() != null) {
                throw new IOException("something follows the object");
            }
        }
        try {
            return of(fields);
        } catch (DateTimeException | IllegalArgumentException | InvalidValueException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Line of(Map<String, Object> fields) throws IOException {
        String kind = text(fields, "kind");
        long sequence = number(fields, "seq");
        if (sequence < 1) {
            throw new IOException("'seq' is " + sequence);
        }
        if (kind.equals(CHAIN) && number(fields, "format") != FORMAT) {
            throw new IOException("its format is " + number(fields, "format") + ", known is " + FORMAT);
        }
        Instant time = Instant.parse(text(fields, "time"));
        String actor = fields.containsKey("actor") ? text(fields, "actor") : "";
        return new Line(
                sequence,
                text(fields, "prev"),
                time,
                kind,
                actor,
                kind.equals(CHAIN) ? text(fields, "chain") : null,
                kind.equals(CHAIN) ? number(fields, "carried") : 0,
                incident(kind, fields, time, actor));
    }

    private static @Nullable Incident incident(String kind, Map<String, Object> fields, Instant time, String actor)
            throws IOException {
        if (kind.equals(CLOSED)) {
            return new Incident(
                    text(fields, "id"),
                    NOTHING,
                    Optional.of(new Incident.Closing(time, actor, text(fields, "reason"))));
        }
        if (!kind.equals(OPENED) && !kind.equals(CARRIED)) {
            return null;
        }
        List<String> related = new ArrayList<>();
        for (Object id : typed(fields, "related", List.class)) {
            related.add(String.valueOf(id));
        }
        // A carried one tells when it was opened; its own time is that of the new file.
        Instant opened = kind.equals(CARRIED) ? Instant.parse(text(fields, "opened")) : time;
        IncidentCode code = new IncidentCode(
                text(fields, "code"),
                AlertSeverity.valueOf(text(fields, "severity").toUpperCase(Locale.ROOT)));
        return new Incident(
                text(fields, "id"),
                new Incident.Report(opened, actor, code, text(fields, "description"), related),
                Optional.empty());
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> fields = new HashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING) {
                fields.put(name, parser.getText());
            } else if (token == JsonToken.VALUE_NUMBER_INT) {
                fields.put(name, parser.getLongValue());
            } else if (token == JsonToken.START_ARRAY) {
                fields.put(name, texts(parser));
            } else {
                parser.skipChildren();
            }
        }
        return fields;
    }

    private static List<String> texts(JsonParser parser) throws IOException {
        List<String> texts = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == null) {
                throw new IOException("it ends too early");
            }
            if (token == JsonToken.VALUE_STRING) {
                texts.add(parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return texts;
    }

    private static String text(Map<String, Object> fields, String name) throws IOException {
        return typed(fields, name, String.class);
    }

    private static long number(Map<String, Object> fields, String name) throws IOException {
        return typed(fields, name, Long.class);
    }

    private static <T> T typed(Map<String, Object> fields, String name, Class<T> type) throws IOException {
        Object value = fields.get(name);
        if (!type.isInstance(value)) {
            throw new IOException("the field '" + name + "' is " + (value == null ? "absent" : "of another type"));
        }
        return type.cast(value);
    }
}
