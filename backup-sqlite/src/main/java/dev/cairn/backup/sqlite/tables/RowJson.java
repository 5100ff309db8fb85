package dev.cairn.backup.sqlite.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row as a line: an array with, for each SQLite storage class, the one form that cannot be taken for another. INTEGER is a number without a point, REAL
 * one with a point or exponent (or {@code {"real":"Infinity"}}, also negative; SQLite stores no NaN), TEXT a string, BLOB {@code {"blob":"<Base64>"}}, NULL
 * {@code null}; text that is no Unicode is {@code {"text":"<Base64 of its bytes>"}}.
 */
final class RowJson {

    /**
     * The greatest row that is captured, by the sum of its {@linkplain #lengthOf lengths}; it is held in memory once as values and once as a line. No single value
     * may have more bytes either, as SQLite counts them (SQLITE_LIMIT_LENGTH).
     */
    static final int MOST_ROW_BYTES = 16 * 1024 * 1024;

    /** A control character takes six bytes of JSON. */
    private static final int MOST_STRING_CHARS = 6 * MOST_ROW_BYTES;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .rootValueSeparator("\n")
            // Both are exact. The shortest digits are those of every JDK: before 19 Double.toString gave more for some
            // numbers (JDK-4511638), and a row would not be the same line.
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MOST_STRING_CHARS)
                    .maxNestingDepth(8)
                    .build())
            .build();

    private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private RowJson() {}

    /** For what makes and reads lines; knows how to write trees. */
    static JsonFactory factory() {
        return MAPPER.getFactory();
    }

    /** The length of a value: the characters of a text, the bytes of a blob, 8 for others. */
    static long lengthOf(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length();
        }
        if (value instanceof byte[] blob) {
            return blob.length;
        }
        return value instanceof IllFormedText text ? text.bytes().length : 8;
    }

    /** Writes a row as a value of its own. */
    static void write(JsonGenerator json, @Nullable Object[] row) throws IOException {
        json.writeStartArray();
        for (Object value : row) {
            if (value == null) {
                json.writeNull();
            } else if (value instanceof Long integer) {
                json.writeNumber(integer);
            } else if (value instanceof Double real) {
                real(json, real);
            } else if (value instanceof String text) {
                json.writeString(text);
            } else if (value instanceof byte[] blob) {
                bytes(json, "blob", blob);
            } else if (value instanceof IllFormedText text) {
                bytes(json, "text", text.bytes());
            } else {
                throw new IllegalStateException("no storage class has " + value.getClass());
            }
        }
        json.writeEndArray();
    }

    private static void real(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeStartObject();
            json.writeStringField("real", Double.toString(value));
            json.writeEndObject();
        }
    }

    private static void bytes(JsonGenerator json, String form, byte[] value) throws IOException {
        json.writeStartObject();
        json.writeBinaryField(form, value);
        json.writeEndObject();
    }

    /**
     * Reads a row whose opening bracket was read.
     *
     * @throws TableHeader.Malformed if it is none
     */
    static @Nullable Object[] read(JsonParser json) throws IOException, TableHeader.Malformed {
        List<@Nullable Object> row = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                throw new TableHeader.Malformed("it ends within a row");
            }
            switch (token) {
                case VALUE_NULL -> row.add(null);
                case VALUE_NUMBER_INT -> row.add(json.getLongValue());
                case VALUE_NUMBER_FLOAT -> row.add(json.getDoubleValue());
                case VALUE_STRING -> row.add(json.getText());
                case START_OBJECT -> row.add(special(json));
                default -> throw new TableHeader.Malformed("a row holds " + token);
            }
        }
        return row.toArray();
    }

    private static Object special(JsonParser json) throws IOException, TableHeader.Malformed {
        String form = json.nextFieldName();
        boolean string = json.nextToken() == JsonToken.VALUE_STRING;
        Object value = null;
        if (string && "blob".equals(form)) {
            value = json.getBinaryValue();
        } else if (string && "text".equals(form)) {
            value = new IllFormedText(json.getBinaryValue());
        } else if (string && "real".equals(form)) {
            value = infinity(json.getText());
        }
        if (value == null || json.nextToken() != JsonToken.END_OBJECT) {
            throw new TableHeader.Malformed("a row holds an object that is no value");
        }
        return value;
    }

    private static @Nullable Object infinity(String text) {
        return switch (text) {
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }
}
