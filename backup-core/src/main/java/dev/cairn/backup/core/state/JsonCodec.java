package dev.cairn.backup.core.state;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.Codec;
import dev.cairn.backup.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * JSON by the host's own Jackson mapper, with migrations from older forms. Immutable and as thread-safe as the mapper.
 *
 * @param <T> the value's type
 */
public final class JsonCodec<T> implements Codec<T> {

    private final ObjectMapper mapper;
    private final Class<T> type;
    private final int version;
    private final Map<Integer, UnaryOperator<JsonNode>> migrations;

    private JsonCodec(
            ObjectMapper mapper, Class<T> type, int version, Map<Integer, UnaryOperator<JsonNode>> migrations) {
        this.mapper = mapper;
        this.type = type;
        this.version = version;
        this.migrations = migrations;
    }

    /**
     * A codec of form version 1.
     *
     * @param mapper the host's mapper; it must read what it writes
     * @param type the value's class, usually a record
     */
    public static <T> JsonCodec<T> of(ObjectMapper mapper, Class<T> type) {
        return new JsonCodec<>(mapper, type, 1, Map.of());
    }

    /**
     * With a step that turns the form of the present version into the next, which becomes the version that is written. Called once for each version that
     * the form has had: the first call migrates 1 to 2.
     */
    public JsonCodec<T> migrate(UnaryOperator<JsonNode> step) {
        Map<Integer, UnaryOperator<JsonNode>> more = new TreeMap<>(migrations);
        more.put(version, step);
        return new JsonCodec<>(mapper, type, version + 1, more);
    }

    @Override
    public String fileName() {
        return "state.json";
    }

    @Override
    public int schemaVersion() {
        return version;
    }

    @Override
    public void encode(T value, OutputStream out) throws IOException {
        mapper.writerWithDefaultPrettyPrinter()
                .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .writeValue(out, value);
    }

    @Override
    public T decode(InputStream in, int storedVersion) throws IOException {
        if (storedVersion < 1 || storedVersion > version) {
            throw new InvalidValueException("stored version", storedVersion, "1 to " + version);
        }
        JsonNode tree =
                mapper.reader().without(JsonParser.Feature.AUTO_CLOSE_SOURCE).readTree(in);
        for (int from = storedVersion; from < version; from++) {
            tree = migrations.getOrDefault(from, UnaryOperator.identity()).apply(tree);
        }
        T value = mapper.treeToValue(tree, type);
        if (value == null) {
            throw new IOException("the stored JSON is null");
        }
        return value;
    }
}
