package dev.cairn.backup.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON as the engine stores it. */
class JsonObjectTest {

    private static JsonObject parse(String json) throws IOException {
        return JsonObject.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fieldsKeepTheirOrderAndAbsentOnesAreLeftOut() {
        JsonObject object = new JsonObject()
                .put("b", "text")
                .put("a", 1)
                .put("nothing", (String) null)
                .put("none", OptionalLong.empty())
                .put("yes", true)
                .put("list", List.of("x", new JsonObject().put("in", 2)))
                .put("counts", Map.of("n", 3L));
        assertEquals(
                "{\"b\":\"text\",\"a\":1,\"yes\":true,\"list\":[\"x\",{\"in\":2}],\"counts\":{\"n\":3}}",
                new String(object.toBytes(), StandardCharsets.UTF_8));
    }

    @Property(tries = 300)
    void whatIsWrittenIsReadAgain(@ForAll String text, @ForAll long number, @ForAll boolean flag) throws IOException {
        // Half of a surrogate pair cannot be written in UTF-8.
        String encodable = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        byte[] json = new JsonObject()
                .put("text", encodable)
                .put("number", number)
                .put("flag", flag)
                .put("list", List.of(encodable, encodable))
                .toBytes();
        JsonObject read = JsonObject.parse(json);
        assertEquals(encodable, read.text("text"));
        assertEquals(number, read.number("number"));
        assertEquals(flag, read.flag("flag"));
        assertEquals(List.of(encodable, encodable), read.texts("list"));
        assertEquals(Optional.empty(), read.optionalText("absent"));
        assertEquals(OptionalLong.of(number), read.optionalNumber("number"));
    }

    @Property(tries = 2000)
    void anyBytesAreAnObjectOrAnError(@ForAll byte[] bytes) {
        try {
            JsonObject.parse(bytes);
        } catch (IOException e) {
            assertTrue(e.getMessage() != null);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "[]",
                "null",
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":[1",
                "{}{}",
                "{} x",
                "{\"a\":1.5}",
                "{\"a\":[null]}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":99999999999999999999}",
                "{'a':1}"
            })
    void whatIsNoSuchObjectIsRefused(String json) {
        assertThrows(IOException.class, () -> parse(json));
    }

    @Test
    void nestingWithoutEndIsRefused() {
        assertThrows(IOException.class, () -> parse("{\"a\":" + "[".repeat(100_000)));
        assertThrows(IOException.class, () -> parse("{\"a\":".repeat(100_000)));
    }

    @Test
    void aFieldOfAnotherTypeIsNamed() throws IOException {
        JsonObject object = parse("{\"text\":\"1\",\"number\":1,\"flag\":true,\"null\":null,\"mixed\":[\"a\",1]}");
        assertFalse(object.has("null"));
        for (String wrong : List.of("number", "flag", "null", "absent", "mixed")) {
            assertTrue(assertThrows(JsonFormatException.class, () -> object.text(wrong))
                    .getMessage()
                    .contains("'" + wrong + "'"));
        }
        assertThrows(JsonFormatException.class, () -> object.number("text"));
        assertThrows(JsonFormatException.class, () -> object.flag("number"));
        assertThrows(JsonFormatException.class, () -> object.object("text"));
        assertThrows(JsonFormatException.class, () -> object.texts("mixed"));
        assertThrows(JsonFormatException.class, () -> object.objects("text"));
        assertThrows(JsonFormatException.class, () -> object.numbers("text"));
    }
}
