package dev.cairn.backup.sqlite.tables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a captured table.
 *
 * @param schema how it was made
 * @param encoding how its database keeps text
 * @param sequence the greatest rowid ever given out, for AUTOINCREMENT
 */
record TableHeader(TableSchema schema, TextEncoding encoding, OptionalLong sequence) {

    /** The version of the lines' format; a reader refuses greater ones. */
    static final int VERSION = 1;

    private static final String FORMAT = "cairn-table";
    private static final ObjectMapper JSON = new ObjectMapper();

    ObjectNode toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("format", FORMAT).put("version", VERSION);
        json.put("table", schema.name()).put("sql", schema.sql());
        json.put("encoding", encoding.pragma());
        json.put("strict", schema.strict()).put("withoutRowid", schema.withoutRowid());
        schema.rowid().ifPresent(name -> json.put("rowid", name));
        sequence.ifPresent(value -> json.put("sequence", value));
        ArrayNode columns = json.putArray("columns");
        for (TableColumn column : schema.columns()) {
            ObjectNode one = columns.addObject();
            one.put("name", column.name()).put("type", column.type()).put("notNull", column.notNull());
            one.put("default", column.defaultSql()).put("key", column.keyPosition());
        }
        return json;
    }

    /** The same from its text. */
    static TableHeader parse(String text) throws Malformed {
        try {
            return of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new Malformed("its first line is no JSON: " + e.getOriginalMessage());
        }
    }

    /**
     * The header that a line holds.
     *
     * @throws Malformed if it holds none
     */
    static TableHeader of(@Nullable JsonNode json) throws Malformed {
        if (json == null || !FORMAT.equals(json.path("format").asText())) {
            throw new Malformed("its first line is not the description of a table");
        }
        int version = json.path("version").asInt();
        if (version < 1 || version > VERSION) {
            throw new Malformed(version);
        }
        List<TableColumn> columns = new ArrayList<>();
        for (JsonNode one : json.path("columns")) {
            columns.add(new TableColumn(
                    required(one, "name"),
                    required(one, "type"),
                    one.path("notNull").asBoolean(),
                    one.hasNonNull("default") ? one.get("default").asText() : null,
                    one.path("key").asInt()));
        }
        TableSchema schema = new TableSchema(
                required(json, "table"),
                required(json, "sql"),
                json.path("strict").asBoolean(),
                json.path("withoutRowid").asBoolean(),
                json.hasNonNull("rowid") ? Optional.of(json.get("rowid").asText()) : Optional.empty(),
                columns);
        if (columns.isEmpty() || schema.key().isEmpty()) {
            throw new Malformed("its first line names no columns or no key");
        }
        JsonNode sequence = json.path("sequence");
        return new TableHeader(
                schema,
                encoding(required(json, "encoding")),
                sequence.isIntegralNumber() ? OptionalLong.of(sequence.longValue()) : OptionalLong.empty());
    }

    private static TextEncoding encoding(String name) throws Malformed {
        try {
            return TextEncoding.named(name);
        } catch (java.sql.SQLException e) {
            throw new Malformed("its first line names the " + e.getMessage());
        }
    }

    private static String required(JsonNode json, String field) throws Malformed {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new Malformed("its first line lacks '" + field + "'");
        }
        return value.textValue();
    }

    /** A line that is not what Cairn writes. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        private final int version;

        Malformed(String problem) {
            super(problem);
            this.version = 0;
        }

        private Malformed(int version) {
            super("it has version " + version);
            this.version = version;
        }

        /** The version if it is one that is not known here, else 0. */
        int unknownVersion() {
            return version;
        }
    }
}
