package dev.cairn.backup.fs.restore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.RestoreScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a swap moves, decided and durable before the first move. From it and from which of the names exist every state that a crash leaves can be told.
 *
 * @param moves what changes places, each whole
 * @param folders the folders that stay and whose content changes, from the root down
 * @param scope how much of the tree the restore is about
 */
record SwapJournal(List<Move> moves, List<Folder> folders, RestoreScope scope) {

    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * @param path what moves
     * @param old whether something is there that becomes trash
     * @param fresh whether something staged takes its place
     */
    record Move(EntryPath path, boolean old, boolean fresh) {}

    /**
     * @param path the folder
     * @param staged whether the staging has it too
     * @param old its attributes before
     * @param fresh its attributes after; null to leave them
     */
    record Folder(
            EntryPath path,
            boolean staged,
            EntryAttributes old,
            @Nullable EntryAttributes fresh) {}

    static EntryAttributes attributes(FileState state) {
        return new EntryAttributes(
                Optional.of(state.modified()),
                state.mode() < 0 ? OptionalInt.empty() : OptionalInt.of(state.mode()),
                Optional.ofNullable(state.owner()),
                Optional.ofNullable(state.group()),
                Optional.empty());
    }

    void write(Path file) throws IOException {
        ObjectNode json = JSON.createObjectNode().put("format", FORMAT);
        ScopeForm.write(json, scope);
        ArrayNode moved = json.putArray("moves");
        for (Move move : moves) {
            moved.addObject()
                    .put("path", move.path().value())
                    .put("old", move.old())
                    .put("new", move.fresh());
        }
        ArrayNode kept = json.putArray("folders");
        for (Folder folder : folders) {
            ObjectNode node =
                    kept.addObject().put("path", folder.path().value()).put("staged", folder.staged());
            write(node.putObject("old"), folder.old());
            if (folder.fresh() != null) {
                write(node.putObject("new"), folder.fresh());
            }
        }
        byte[] bytes = JSON.writeValueAsBytes(json);
        Path written = file.resolveSibling(file.getFileName() + "~");
        Files.deleteIfExists(written);
        DurableFiles.writeNew(written, BlobContent.of(bytes));
        DurableFiles.moveAtomically(written, file);
    }

    private static void write(ObjectNode node, EntryAttributes attributes) {
        attributes.modified().ifPresent(modified -> node.put("modified", modified.toString()));
        attributes.mode().ifPresent(mode -> node.put("mode", mode));
        attributes.owner().ifPresent(owner -> node.put("owner", owner));
        attributes.group().ifPresent(group -> node.put("group", group));
    }

    /** The journal, or null if none was finished: then nothing was moved. */
    static @Nullable SwapJournal read(Path file) throws IOException {
        JsonNode json;
        try {
            json = JSON.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null;
        }
        int format = json.path("format").asInt();
        if (format != FORMAT) {
            throw new UnsupportedFormatException("the journal " + file, format, FORMAT, null);
        }
        List<Move> moves = new ArrayList<>();
        for (JsonNode move : json.path("moves")) {
            moves.add(new Move(
                    path(move), move.path("old").asBoolean(), move.path("new").asBoolean()));
        }
        List<Folder> folders = new ArrayList<>();
        for (JsonNode folder : json.path("folders")) {
            JsonNode fresh = folder.path("new");
            folders.add(new Folder(
                    path(folder),
                    folder.path("staged").asBoolean(),
                    attributes(folder.path("old")),
                    fresh.isObject() ? attributes(fresh) : null));
        }
        return new SwapJournal(moves, folders, ScopeForm.read(json));
    }

    private static EntryPath path(JsonNode node) {
        return EntryPath.of(node.path("path").asText());
    }

    private static EntryAttributes attributes(JsonNode node) {
        return new EntryAttributes(
                Optional.ofNullable(node.path("modified").textValue()).map(Instant::parse),
                node.path("mode").isInt() ? OptionalInt.of(node.path("mode").asInt()) : OptionalInt.empty(),
                Optional.ofNullable(node.path("owner").textValue()),
                Optional.ofNullable(node.path("group").textValue()),
                Optional.empty());
    }
}
