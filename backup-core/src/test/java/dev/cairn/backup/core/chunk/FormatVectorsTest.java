package dev.cairn.backup.core.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What another implementation, written from the format's text, says. */
class FormatVectorsTest {

    @Test
    void theGearTableIsTheFormats() throws IOException {
        JsonNode vector = Sample.vector("gear.json");
        long[] gear = FastCdc.gear(bytes(vector.get("gearKey")));
        ByteBuffer table = ByteBuffer.allocate(8 * gear.length);
        for (long each : gear) {
            table.putLong(each);
        }

        assertEquals(256, gear.length);
        assertEquals(vector.get("first").get(0).asText(), HexFormat.of().toHexDigits(gear[0]));
        assertEquals(
                vector.get("last").get(vector.get("last").size() - 1).asText(),
                HexFormat.of().toHexDigits(gear[255]));
        assertEquals(
                vector.get("sha256OfTable").asText(),
                HexFormat.of().formatHex(Sample.sha256().digest(table.array())));
        assertEquals(vector.get("min").asInt(), FastCdc.MIN);
        assertEquals(vector.get("avg").asInt(), FastCdc.AVERAGE);
        assertEquals(vector.get("max").asInt(), FastCdc.MAX);
    }

    @Test
    void contentIsCutAndNamedAsTheFormatSays() throws IOException {
        JsonNode vector = Sample.vector("chunks.json");
        FastCdc cdc = FastCdc.of(bytes(vector.get("gearKey")));
        ChunkHasher hasher = new ChunkHasher(bytes(vector.get("chunkIdKey")));
        assertTrue(vector.get("cases").size() > 0);
        for (JsonNode each : vector.get("cases")) {
            String name = each.get("name").asText();
            byte[] content = content(each);
            int at = 0;
            for (int i = 0; i < each.get("lengths").size(); i++) {
                int length = cdc.cut(content, at, content.length - at, true);
                assertEquals(each.get("lengths").get(i).asInt(), length, name + ", chunk " + i);
                assertEquals(
                        each.get("ids").get(i).asText(),
                        hasher.id(content, at, length).hex(),
                        name + ", chunk " + i);
                at += length;
            }
            assertEquals(content.length, at, name);
        }
    }

    private static byte[] content(JsonNode each) {
        int size = each.get("size").asInt();
        return switch (each.get("kind").asText()) {
            case "stream" -> Sample.stream(each.get("seed").asText(), size);
            case "zeros" -> new byte[size];
            case "patched" -> patched(bytes(each.get("patch")), each.get("at").asInt(), size);
            case "repeated" ->
                repeated(
                        Sample.stream(
                                each.get("seed").asText(), each.get("period").asInt()),
                        size);
            default -> throw new AssertionError("unknown kind of content: " + each);
        };
    }

    /** Zeros but for a few bytes. */
    private static byte[] patched(byte[] patch, int at, int size) {
        byte[] out = new byte[size];
        System.arraycopy(patch, 0, out, at, patch.length);
        return out;
    }

    private static byte[] repeated(byte[] period, int size) {
        byte[] out = new byte[size];
        for (int i = 0; i < size; i++) {
            out[i] = period[i % period.length];
        }
        return out;
    }

    private static byte[] bytes(JsonNode hex) {
        return HexFormat.of().parseHex(hex.asText());
    }
}
