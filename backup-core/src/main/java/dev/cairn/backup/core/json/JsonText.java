package dev.cairn.backup.core.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects from and to text. How deep they may nest and how long their texts may be is limited by Jackson: 1 000 levels, 20 million characters. How many values there may be is limited by the heap:
 * an empty object takes two bytes of text and a hundred of memory.
 */
final class JsonText {

    private static final long BYTES_OF_HEAP_FOR_A_TOKEN = 256;

    /** More than any object has that we write: the widest are counts by names. */
    private static final int MOST_FIELDS = 10_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxTokenCount(Runtime.getRuntime().maxMemory() / BYTES_OF_HEAP_FOR_A_TOKEN)
                    .build())
            .build();

    private JsonText() {}

    static JsonObject read(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonFormatException("it is no object");
            }
            JsonObject object = object(parser);
            if (parser.nextToken() != null) {
                throw new JsonFormatException("something follows the object");
            }
            return object;
        }
    }

    private static JsonObject object(JsonParser parser) throws IOException {
        JsonObject object = new JsonObject();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            if (object.fields().size() == MOST_FIELDS) {
                throw new JsonFormatException("an object has more than " + MOST_FIELDS + " fields");
            }
            parser.nextToken();
            object.add(name, value(parser));
        }
        return object;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new JsonFormatException("it ends too early");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT -> parser.getLongValue();
            default ->
                throw new JsonFormatException("a value is neither text, whole number, truth value, object nor list");
        };
    }

    private static List<Object> list(JsonParser parser) throws IOException {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object value = value(parser);
            if (value == null) {
                throw new JsonFormatException("a list holds null");
            }
            values.add(value);
        }
        return values;
    }

    static byte[] write(JsonObject object, boolean pretty) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = JSON.createGenerator(out, JsonEncoding.UTF8)) {
            if (pretty) {
                generator.useDefaultPrettyPrinter();
            }
            write(object, generator);
        } catch (IOException e) {
            throw new IllegalStateException("a tree of plain values cannot be written as JSON", e);
        }
        return out.toByteArray();
    }

    private static void write(Object value, JsonGenerator out) throws IOException {
        if (value instanceof JsonObject object) {
            out.writeStartObject();
            for (Map.Entry<String, Object> field : object.fields().entrySet()) {
                out.writeFieldName(field.getKey());
                write(field.getValue(), out);
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                write(element, out);
            }
            out.writeEndArray();
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else {
            out.writeString((String) value);
        }
    }
}
