package dev.cairn.backup.core.hostile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Edits the files of a browsable repository, digests and checksums included. */
final class BrowsableForging {

    private static final String ZEROS = "0".repeat(64);
    private static final String[] TYPES = {"DIRECTORY", "FILE", "SYMLINK", "HARD_LINK"};

    private final Path folder;

    BrowsableForging(Path folder) {
        this.folder = folder;
    }

    void forge(String id, long sequence, Forgery forgery) throws IOException {
        ObjectNode manifest = (ObjectNode) HostilePlace.JSON.readTree(
                folder.resolve("snap-1/manifest.json").toFile());
        Path contents = Files.createDirectories(folder.resolve(id).resolve("snapshot"));
        String honest = "snap-1/snapshot/";
        copy(folder.resolve(honest), contents);
        manifest.put("id", id).put("sequence", sequence).put("digest", "sha256:" + ZEROS);
        manifest.remove(List.of("root", "previous")); // As in manifests from before there were any.
        for (var dataset : manifest.withArray("datasets")) {
            ((ObjectNode) dataset).remove("root");
            for (var line : dataset.withArray("listing")) {
                if (line.has("stored")) {
                    ((ObjectNode) line)
                            .put("stored", line.get("stored").asText().replace(honest, id + "/snapshot/"));
                }
            }
        }
        for (var listing : forgery.listings().entrySet()) {
            ArrayNode lines = HostilePlace.JSON.createArrayNode();
            List<RawEntry> entries = listing.getValue();
            for (int i = 0; i < entries.size(); i++) {
                lines.add(line(id, contents, listing.getKey() + "-forged-" + i, entries.get(i)));
            }
            Forgery.summary(manifest, listing.getKey())
                    .put("entries", entries.size())
                    .set("listing", lines);
        }
        byte[] bytes = forgery.changed(manifest);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(ZEROS);
        byte[] digest = HexFormat.of().formatHex(sha256().digest(bytes)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digest, 0, bytes, at, digest.length);
        Files.write(folder.resolve(id).resolve("manifest.json"), bytes);
        forgery.afterwards().to(folder.resolve(id));
    }

    private static ObjectNode line(String id, Path contents, String name, RawEntry entry) throws IOException {
        ObjectNode line = HostilePlace.JSON
                .createObjectNode()
                .put("path", entry.path())
                .put("type", TYPES[entry.type()])
                .put("size", entry.size())
                .put("mode", entry.type() == 0 ? "755" : "644");
        if (entry.target() != null) {
            line.put("target", entry.target());
        }
        if (entry.type() == 1) {
            line.put("stored", id + "/snapshot/" + name).put("checksum", write(contents.resolve(name), entry));
        }
        return line;
    }

    /** A large content is a hole, which costs an attacker nothing either; whoever reads it to its end has lost already. */
    private static String write(Path file, RawEntry entry) throws IOException {
        MessageDigest digest = sha256();
        if (entry.times() > 8) {
            try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength(entry.size());
            }
            return ZEROS;
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long i = 0; i < entry.times(); i++) {
                out.write(entry.content());
                digest.update(entry.content());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path place = to.resolve(from.relativize(path).toString());
                if (Files.notExists(place)) {
                    Files.copy(path, place);
                }
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
