package dev.cairn.backup.core.browse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotProof;
import dev.cairn.backup.UnsupportedFormatException;
import dev.cairn.backup.core.json.JsonObject;
import dev.cairn.backup.core.verify.ManifestRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes and reads {@code manifest.json}. The file's first field is a SHA-256 of the whole file with that field's 64 digits taken as zeros, so that any
 * change of any byte is noticed. (It guards against damage. Whoever may write to the repository can also compute it anew.)
 */
final class ManifestCodec {

    static final String DIGEST_TO_COME = "sha256:" + "0".repeat(64);

    private static final Pattern HEAD = Pattern.compile("\\A\\{\\s*\"digest\"\\s*:\\s*\"sha256:([0-9a-f]{64})\"");
    private static final Pattern VERSION = Pattern.compile("\"formatVersion\"\\s*:\\s*([0-9]{1,18})[,\\s]");
    private static final int HEAD_LENGTH = 512;

    /** A line of the listing is 26 tokens and takes about 1 KiB of heap; forged ones take as much for two, which would exhaust the heap of a process that only lists. */
    private static final long BYTES_OF_HEAP_FOR_A_TOKEN = 128;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(Runtime.getRuntime().maxMemory() / BYTES_OF_HEAP_FOR_A_TOKEN)
                            .build())
                    // Names of counts come from the file: what is interned is not limited by anything.
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final ObjectWriter WRITER =
            JSON.writerWithDefaultPrettyPrinter().forType(ManifestFile.class);
    private static final ObjectWriter SUMMARY = JSON.copy()
            .addMixIn(ManifestFile.StoredDataset.class, NoListing.class)
            .writerFor(ManifestFile.class);
    private static final ObjectReader READER = JSON.readerFor(ManifestFile.class);

    /** What is left out of {@link #withoutListings}. */
    @JsonIgnoreProperties("listing")
    private interface NoListing {}

    private ManifestCodec() {}

    static byte[] encode(ManifestFile manifest) {
        byte[] bytes;
        try {
            bytes = WRITER.writeValueAsBytes(manifest);
        } catch (IOException e) {
            throw new IllegalStateException("a manifest of plain values cannot be written", e);
        }
        byte[] digest = HexFormat.of().formatHex(Digests.sha256(bytes)).getBytes(StandardCharsets.US_ASCII);
        Matcher head = head(bytes);
        if (!head.find()) {
            throw new IllegalStateException("a manifest must begin with its digest");
        }
        System.arraycopy(digest, 0, bytes, head.start(1), digest.length);
        return bytes;
    }

    /**
     * A manifest that was read.
     *
     * @param file what it says
     * @param proof what it proves: its roots are those of its lines
     */
    record Proven(ManifestFile file, SnapshotProof proof) {}

    static ManifestFile decode(SnapshotId id, byte[] bytes) {
        return proven(id, bytes).file();
    }

    static Proven proven(SnapshotId id, byte[] bytes) {
        String name = id + "/manifest.json";
        Matcher version = VERSION.matcher(headText(bytes));
        if (version.find() && Long.parseLong(version.group(1)) > ManifestFile.VERSION) {
            throw new UnsupportedFormatException(
                    "snapshot '" + id + "'", Long.parseLong(version.group(1)), ManifestFile.VERSION, id);
        }
        Matcher head = head(bytes);
        if (!head.find()) {
            throw new DamagedSnapshotException(
                    id, name, "does not begin with a digest, so it was cut or altered", null);
        }
        byte[] expected = HexFormat.of().parseHex(head.group(1));
        byte[] digest = head.group(1).getBytes(StandardCharsets.US_ASCII);
        Arrays.fill(
                bytes, head.start(1), head.end(1), (byte) '0'); // In place: a manifest may be a quarter of the heap.
        byte[] found = Digests.sha256(bytes);
        System.arraycopy(digest, 0, bytes, head.start(1), digest.length);
        if (!MessageDigest.isEqual(expected, found)) {
            throw new DamagedSnapshotException(id, name, "does not match its digest, so it was cut or altered", null);
        }
        Proven proven = parse(id, name, bytes);
        ManifestFile manifest = proven.file();
        if (!manifest.id().equals(id.value())) {
            throw new DamagedSnapshotException(id, name, "belongs to the snapshot '" + manifest.id() + "'", null);
        }
        return proven;
    }

    private static Proven parse(SnapshotId id, String name, byte[] bytes) {
        try {
            ManifestFile file = READER.readValue(bytes);
            if (!file.format().equals(ManifestFile.FORMAT)) {
                throw new DamagedSnapshotException(id, name, "has the format '" + file.format() + "'", null);
            }
            ManifestRules.checked(file.manifest());
            return new Proven(file, FileProof.of(file));
        } catch (BackupException e) {
            throw e instanceof DamagedSnapshotException ? e : unusable(id, name, e);
        } catch (IOException | RuntimeException e) {
            throw unusable(id, name, e);
        }
    }

    /** A manifest without its digest and without the listings of its datasets, which have a root instead. */
    static JsonObject withoutListings(ManifestFile manifest) throws IOException {
        JsonObject json = JsonObject.parse(SUMMARY.writeValueAsBytes(manifest));
        json.fields().remove("digest");
        return json;
    }

    private static DamagedSnapshotException unusable(SnapshotId id, String name, Exception cause) {
        return new DamagedSnapshotException(id, name, "cannot be used", cause);
    }

    private static Matcher head(byte[] bytes) {
        return HEAD.matcher(headText(bytes));
    }

    private static String headText(byte[] bytes) {
        return new String(bytes, 0, Math.min(bytes.length, HEAD_LENGTH), StandardCharsets.ISO_8859_1);
    }
}
