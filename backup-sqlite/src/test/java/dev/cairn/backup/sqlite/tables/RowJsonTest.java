package dev.cairn.backup.sqlite.tables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RowJsonTest {

    @Property(tries = 500)
    void everyValueComesBackWithItsStorageClass(@ForAll("rows") List<Object> row) throws Exception {
        byte[] line = line(row.toArray());
        assertEquals(1, new String(line, StandardCharsets.UTF_8).lines().count(), "a row is one line");
        try (JsonParser json = RowJson.factory().createParser(line)) {
            json.nextToken();
            assertArrayEquals(row.toArray(), RowJson.read(json)); // deep: blobs are compared byte by byte
        }
    }

    @Example
    void theFormsAreAsTheDocumentationSays() throws Exception {
        assertEquals(
                "[null,-9223372036854775808,-0.0,1.0,\"a\\u0000\\n€\",{\"blob\":\"AP8=\"},{\"real\":\"-Infinity\"},{\"text\":\"/w==\"}]",
                new String(
                        line(
                                null,
                                Long.MIN_VALUE,
                                -0.0,
                                1.0,
                                "a\0\n€",
                                new byte[] {0, -1},
                                Double.NEGATIVE_INFINITY,
                                new IllFormedText(new byte[] {-1})),
                        StandardCharsets.UTF_8));
    }

    @Example
    void whatIsNoRowIsRefused() throws Exception {
        for (String line : List.of(
                "[true]",
                "[[1]]",
                "[{}]",
                "[{\"real\":\"NaN\"}]",
                "[{\"blob\":1}]",
                "[{\"blob\":\"AA==\",\"x\":1}]",
                "[{\"other\":\"AA==\"}]")) {
            try (JsonParser json = RowJson.factory().createParser(line)) {
                json.nextToken();
                assertThrows(TableHeader.Malformed.class, () -> RowJson.read(json), line);
            }
        }
    }

    @Provide
    Arbitrary<List<Object>> rows() {
        Arbitrary<Object> value = Arbitraries.oneOf(
                Arbitraries.longs().asGeneric(),
                Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, 0L).asGeneric(),
                Arbitraries.longs()
                        .map(Double::longBitsToDouble)
                        .filter(real -> !real.isNaN())
                        .asGeneric(),
                Arbitraries.of(-0.0, Double.MIN_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e15)
                        .asGeneric(),
                Arbitraries.strings()
                        .all()
                        .ofMaxLength(20)
                        .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                        .asGeneric(),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(20).asGeneric(),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(5)
                        .map(IllFormedText::new)
                        .asGeneric());
        return value.injectNull(0.1).list().ofMinSize(1).ofMaxSize(8);
    }

    private static byte[] line(Object... row) throws Exception {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = RowJson.factory().createGenerator(line)) {
            RowJson.write(json, row);
        }
        return line.toByteArray();
    }
}
