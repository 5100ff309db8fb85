package dev.cairn.backup.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    private static String canonical(String json) throws IOException {
        return new String(
                CanonicalJson.of(JsonObject.parse(json.getBytes(StandardCharsets.UTF_8))), StandardCharsets.UTF_8);
    }

    @Test
    void fieldsAreSortedByUtf16UnitsAsInTheExampleOfRfc8785() throws IOException {
        String given =
                "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\","
                        + "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
                        + "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}";
        assertEquals(
                "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\","
                        + "\"€\":\"Euro Sign\",\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
                canonical(given));
    }

    @Test
    void textsAreEscapedAsInTheExampleOfRfc8785() throws IOException {
        assertEquals(
                "{\"literals\":[true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
                canonical(
                        "{ \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\", \"literals\": [true, false] }"));
        assertEquals(
                "{\"c\":\"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\"}",
                canonical("{\"c\":\"\\b\\t\\n\\f\\r\\u0000\\u001F\\u007f\"}"));
    }

    @Test
    void numbersKeepAllTheirDigitsAndNullIsLeftOut() throws IOException {
        assertEquals(
                "{\"a\":9223372036854775807,\"b\":-9223372036854775808,\"c\":0,\"e\":{},\"f\":[]}",
                canonical(
                        "{\"c\":0,\"b\":-9223372036854775808,\"a\":9223372036854775807,\"d\":null,\"e\":{},\"f\":[]}"));
    }

    @Test
    void halfASurrogatePairIsWrittenAsItsEscape() throws IOException {
        assertEquals("{\"a\":\"\\ud83dx\\ude00\"}", canonical("{\"a\":\"\\ud83dx\\ude00\"}"));
    }

    @Property
    void oneValueHasOneForm(@ForAll Random random) throws IOException {
        JsonObject value = object(random, 3);
        byte[] form = CanonicalJson.of(value);
        String text = new String(form, StandardCharsets.UTF_8);
        assertEquals(text, new String(CanonicalJson.of(shuffled(value, random)), StandardCharsets.UTF_8));
        assertEquals(text, new String(CanonicalJson.of(JsonObject.parse(form)), StandardCharsets.UTF_8));
        assertEquals(text, new String(CanonicalJson.of(JsonObject.parse(value.toBytes())), StandardCharsets.UTF_8));
        assertEquals(
                text, new String(CanonicalJson.of(JsonObject.parse(value.toPrettyBytes())), StandardCharsets.UTF_8));
    }

    private static JsonObject object(Random random, int depth) {
        JsonObject object = new JsonObject();
        for (int i = random.nextInt(5); i > 0; i--) {
            switch (random.nextInt(depth == 0 ? 3 : 5)) {
                case 0 -> object.put(text(random), text(random));
                case 1 -> object.put(text(random), random.nextLong());
                case 2 -> object.put(text(random), random.nextBoolean());
                case 3 -> object.put(text(random), object(random, depth - 1));
                default -> object.put(text(random), List.of(object(random, depth - 1), object(random, depth - 1)));
            }
        }
        return object;
    }

    private static String text(Random random) {
        int[] points = {'a', 'B', '"', '\\', '\n', 1, 0x1f, 0x7f, 0xf6, 0x20ac, 0xfb33, 0x1f600, '/', ' '};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        return text.toString();
    }

    private static JsonObject shuffled(JsonObject value, Random random) {
        List<Map.Entry<String, Object>> fields = new ArrayList<>(value.fields().entrySet());
        Collections.shuffle(fields, random);
        JsonObject shuffled = new JsonObject();
        fields.forEach(field -> shuffled.add(
                field.getKey(),
                field.getValue() instanceof JsonObject inner ? shuffled(inner, random) : field.getValue()));
        return shuffled;
    }
}
