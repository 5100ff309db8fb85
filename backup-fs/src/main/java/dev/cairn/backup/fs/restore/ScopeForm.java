package dev.cairn.backup.fs.restore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.RestoreScope;
import java.util.ArrayList;
import java.util.List;

/** How much a restore is about, in the journals. Absent fields mean the whole tree. */
final class ScopeForm {

    private ScopeForm() {}

    static void write(ObjectNode json, RestoreScope scope) {
        if (scope.overlay()) {
            json.put("overlay", true);
        }
        if (!scope.paths().isEmpty()) {
            ArrayNode paths = json.putArray("paths");
            scope.paths().forEach(path -> paths.add(path.value()));
        }
    }

    static RestoreScope read(JsonNode json) {
        List<EntryPath> paths = new ArrayList<>();
        json.path("paths").forEach(path -> paths.add(EntryPath.of(path.asText())));
        return new RestoreScope(paths, json.path("overlay").asBoolean(), 0);
    }
}
