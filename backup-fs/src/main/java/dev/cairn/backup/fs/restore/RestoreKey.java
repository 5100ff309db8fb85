package dev.cairn.backup.fs.restore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.spi.RestoreScope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What must be known to end a restore after a crash; durable in the host's state store before anything is made.
 *
 * @param folder the folder that everything happens in
 * @param fileName the one file that is restored there, or null for a tree
 * @param suffix the end of the names of staging and trash: the restore's id and the dataset's name
 * @param made how many folders, this one and those above it, did not exist before
 * @param modified the folder's mtime before; making and removing staging changes it
 * @param scope how much of the tree it is about
 * @param from the suffix of the trash that is brought back; null if a snapshot is restored
 */
public record RestoreKey(
        Path folder,
        @Nullable String fileName,
        String suffix,
        int made,
        Optional<Instant> modified,
        RestoreScope scope,
        @Nullable String from) {

    /** The key in the stage context. */
    public static final String NAME = "files";

    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    static RestoreKey of(
            TreeRoot root,
            String restoreId,
            String dataset,
            int made,
            Optional<Instant> modified,
            RestoreScope scope,
            @Nullable String from) {
        // Several datasets may share a folder: single files, or trees with other globs. '~' is in no dataset's name.
        return new RestoreKey(root.folder(), root.fileName(), restoreId + "~" + dataset, made, modified, scope, from);
    }

    byte[] toJson() {
        ObjectNode json = JSON.createObjectNode().put("format", FORMAT).put("folder", folder.toString());
        json.put("file", fileName).put("suffix", suffix);
        json.put("made", made);
        json.put("modified", modified.map(Instant::toString).orElse(null));
        json.put("from", from);
        ScopeForm.write(json, scope);
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new IllegalStateException("a tree of text is always written", e);
        }
    }

    /**
     * @param place the configured root, resolved now: where a volume was mounted elsewhere meanwhile, the restore is found there
     */
    static RestoreKey parse(byte[] bytes, Path place) {
        try {
            JsonNode json = JSON.readTree(bytes);
            int format = json.path("format").asInt();
            if (format != FORMAT) {
                throw new UnsupportedFormatException("the journal of a restore", format, FORMAT, null);
            }
            String fileName = text(json, "file");
            String suffix = json.required("suffix").asText();
            return new RestoreKey(
                    folder(json, place, fileName != null, suffix),
                    fileName,
                    suffix,
                    json.path("made").asInt(),
                    Optional.ofNullable(text(json, "modified")).map(Instant::parse),
                    ScopeForm.read(json),
                    text(json, "from"));
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Reading the journal of a restore", e);
        }
    }

    /** Where the staging is wins: while a single file is swapped, a link that is configured as its place leads nowhere. */
    private static Path folder(JsonNode json, Path place, boolean single, String suffix) throws IOException {
        Path saved = place.getFileSystem().getPath(json.required("folder").asText());
        boolean staged = DurableFiles.isDirectory(new StagingFolders(saved, suffix).base());
        Path parent = place.getParent();
        return staged ? saved : single && parent != null ? parent : place;
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isTextual() ? value.asText() : null;
    }
}
