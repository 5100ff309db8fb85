package dev.cairn.backup.core.json;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * An object of JSON with its fields in their order. Values are texts, whole numbers of 64 bits, truth values, objects and lists. Not thread-safe while it is built.
 *
 * <p>A field that is asked for and is not there, or is of another type, is a {@link JsonFormatException}: what lacks a field is as good as damaged. {@code null} counts as not there.
 */
public final class JsonObject {

    private final Map<String, Object> fields = new LinkedHashMap<>();

    /**
     * Reads one object and nothing after it.
     *
     * @throws JsonFormatException if it is none, or a field is there twice
     */
    public static JsonObject parse(byte[] json) throws IOException {
        return JsonText.read(json);
    }

    /** On one line, in UTF-8. */
    public byte[] toBytes() {
        return JsonText.write(this, false);
    }

    /** On many lines, for people, in UTF-8. */
    public byte[] toPrettyBytes() {
        return JsonText.write(this, true);
    }

    /** The fields in their order. */
    public Map<String, Object> fields() {
        return fields;
    }

    /** Adds a text; nothing if it is null. */
    public JsonObject put(String name, @Nullable String text) {
        return add(name, text);
    }

    /** Adds a number. */
    public JsonObject put(String name, long number) {
        return add(name, number);
    }

    /** Adds a number; nothing if it is empty. */
    public JsonObject put(String name, OptionalLong number) {
        return number.isPresent() ? add(name, number.getAsLong()) : this;
    }

    /** Adds a truth value. */
    public JsonObject put(String name, boolean value) {
        return add(name, value);
    }

    /** Adds an object. */
    public JsonObject put(String name, JsonObject object) {
        return add(name, object);
    }

    /** Adds a list of texts or of objects. */
    public JsonObject put(String name, List<?> list) {
        return add(name, List.copyOf(list));
    }

    /** Adds an object of numbers, in the order of the map. */
    public JsonObject put(String name, Map<String, Long> numbers) {
        JsonObject object = new JsonObject();
        numbers.forEach(object::put);
        return add(name, object);
    }

    JsonObject add(String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
        return this;
    }

    /** Whether it has the field. */
    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /** A text. */
    public String text(String name) throws JsonFormatException {
        return typed(name, String.class, "a text");
    }

    /** A text that may be absent. */
    public @Nullable String textOrNull(String name) throws JsonFormatException {
        return has(name) ? text(name) : null;
    }

    /** A text that may be absent. */
    public Optional<String> optionalText(String name) throws JsonFormatException {
        return Optional.ofNullable(textOrNull(name));
    }

    /** A number. */
    public long number(String name) throws JsonFormatException {
        return typed(name, Long.class, "a whole number of 64 bits");
    }

    /** A number that may be absent. */
    public OptionalLong optionalNumber(String name) throws JsonFormatException {
        return has(name) ? OptionalLong.of(number(name)) : OptionalLong.empty();
    }

    /** A truth value. */
    public boolean flag(String name) throws JsonFormatException {
        return typed(name, Boolean.class, "true or false");
    }

    /** An object. */
    public JsonObject object(String name) throws JsonFormatException {
        return typed(name, JsonObject.class, "an object");
    }

    /** An object of numbers, in its order. */
    public Map<String, Long> numbers(String name) throws JsonFormatException {
        JsonObject object = object(name);
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (String field : object.fields.keySet()) {
            numbers.put(field, object.number(field));
        }
        return numbers;
    }

    /** A list of texts. */
    public List<String> texts(String name) throws JsonFormatException {
        return list(name, String.class);
    }

    /** A list of objects. */
    public List<JsonObject> objects(String name) throws JsonFormatException {
        return list(name, JsonObject.class);
    }

    private <T> List<T> list(String name, Class<T> type) throws JsonFormatException {
        List<?> values = typed(name, List.class, "a list");
        List<T> found = new ArrayList<>(values.size());
        for (Object value : values) {
            if (!type.isInstance(value)) {
                throw new JsonFormatException("the list '" + name + "' holds something of another type");
            }
            found.add(type.cast(value));
        }
        return found;
    }

    private <T> T typed(String name, Class<T> type, String what) throws JsonFormatException {
        Object value = fields.get(name);
        if (!type.isInstance(value)) {
            throw new JsonFormatException("the field '" + name + "' is " + (value == null ? "absent" : "not " + what));
        }
        return type.cast(value);
    }
}
