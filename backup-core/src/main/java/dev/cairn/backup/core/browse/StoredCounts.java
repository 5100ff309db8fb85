package dev.cairn.backup.core.browse;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads named counts, and no more of them than any host has: a name of two bytes takes a hundred in a map. */
final class StoredCounts extends JsonDeserializer<Map<String, Long>> {

    private static final int MOST = 10_000;

    @Override
    public Map<String, Long> deserialize(JsonParser in, DeserializationContext context) throws IOException {
        if (!in.isExpectedStartObjectToken()) {
            return context.reportInputMismatch(Map.class, "counts must be an object of numbers");
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            if (in.nextToken() != JsonToken.VALUE_NUMBER_INT || counts.size() == MOST) {
                return context.reportInputMismatch(Map.class, "counts must be at most 10000 whole numbers");
            }
            counts.put(name, in.getLongValue());
        }
        return counts;
    }
}
