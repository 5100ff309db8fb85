package dev.cairn.backup.testkit;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.LogPosition;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.SnapshotManifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Bytes of a {@link PlainRepository}: just enough of the metadata that the suite writes. */
final class PlainFormat {

    private static final int DIGEST = 32;

    private PlainFormat() {}

    /** Opens the numbered content and checks it. */
    interface Opener {
        InputStream open(long number, byte[] digest);
    }

    static byte[] digest(byte[] bytes, String purpose) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(purpose.getBytes(StandardCharsets.UTF_8));
            return sha.digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] sealed(byte[] bytes, String purpose) {
        byte[] sealed = Arrays.copyOf(digest(bytes, purpose), DIGEST + bytes.length);
        System.arraycopy(bytes, 0, sealed, DIGEST, bytes.length);
        return sealed;
    }

    static byte[] unsealed(byte[] sealed) throws IOException {
        return unsealed(sealed, "");
    }

    static byte[] unsealed(byte[] sealed, String purpose) throws IOException {
        if (sealed.length < DIGEST) {
            throw new IOException("too short");
        }
        byte[] bytes = Arrays.copyOfRange(sealed, DIGEST, sealed.length);
        if (!Arrays.equals(digest(bytes, purpose), Arrays.copyOf(sealed, DIGEST))) {
            throw new IOException("the checksum does not match");
        }
        return bytes;
    }

    static <T> T damagedUnless(SnapshotId id, String name, Callable<T> step) {
        try {
            return step.call();
        } catch (Exception e) {
            throw new DamagedSnapshotException(id, name, "is not what was written: " + e.getMessage(), e);
        }
    }

    static void write(DataOutputStream out, Entry entry, byte[] content) throws IOException {
        text(out, entry.path().value());
        text(out, entry.type().name());
        out.writeLong(content.length);
        out.write(digest(content, ""));
        text(out, entry.linkTarget().orElse(""));
        text(out, entry.attributes().modified().map(Instant::toString).orElse(""));
        out.writeInt(entry.attributes().mode().orElse(-1));
        text(out, entry.attributes().owner().orElse(""));
        text(out, entry.attributes().group().orElse(""));
    }

    static List<Entry> entries(byte[] listing, Opener opener) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(listing));
        List<Entry> entries = new ArrayList<>();
        while (in.available() > 0) {
            long number = entries.size();
            EntryPath path = EntryPath.of(text(in));
            EntryType type = EntryType.valueOf(text(in));
            long size = in.readLong();
            byte[] digest = in.readNBytes(DIGEST);
            Optional<String> link = optional(in);
            Optional<Instant> modified = optional(in).map(Instant::parse);
            int mode = in.readInt();
            EntryAttributes attributes = new EntryAttributes(
                    modified,
                    mode < 0 ? OptionalInt.empty() : OptionalInt.of(mode),
                    optional(in),
                    optional(in),
                    Optional.empty());
            entries.add(
                    type == EntryType.FILE
                            ? Entry.file(path, size, attributes, () -> opener.open(number, digest))
                            : new Entry(path, type, 0, attributes, link, InputStream::nullInputStream));
        }
        return entries;
    }

    static byte[] bytes(SnapshotManifest manifest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            SnapshotMetadata metadata = manifest.metadata();
            text(out, metadata.id().value());
            text(out, metadata.createdAt().toString());
            out.writeLong(metadata.sequence());
            out.writeLong(metadata.projectionVersion().orElse(-1));
            text(out, metadata.trigger().name());
            text(out, metadata.label().orElse(""));
            out.writeInt(metadata.datasets().size());
            for (DatasetSummary dataset : metadata.datasets()) {
                text(out, dataset.name());
                text(out, dataset.kind());
                out.writeLong(dataset.entries());
                out.writeLong(dataset.bytes());
                text(out, dataset.identity().orElse(""));
                out.writeLong(dataset.counts().getOrDefault("rows", 0L));
                text(out, dataset.log().map(LogPosition::timeline).orElse(""));
                out.writeLong(dataset.log().map(LogPosition::transaction).orElse(0L));
            }
            out.writeLong(manifest.barrierHeld().toNanos());
            text(out, String.join("\n", manifest.warnings()));
            out.writeInt(manifest.changedAfterCut().size());
            for (Map.Entry<String, List<String>> changed :
                    manifest.changedAfterCut().entrySet()) {
                text(out, changed.getKey());
                text(out, String.join("\n", changed.getValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    static SnapshotManifest manifest(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        SnapshotMetadata.Builder metadata = SnapshotMetadata.builder(SnapshotId.of(text(in)), Instant.parse(text(in)))
                .sequence(in.readLong());
        long version = in.readLong();
        metadata.projectionVersion(version < 0 ? OptionalLong.empty() : OptionalLong.of(version));
        metadata.trigger(SnapshotTrigger.valueOf(text(in))).label(optional(in).orElse(null));
        List<DatasetSummary> datasets = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            datasets.add(new DatasetSummary(
                    text(in),
                    text(in),
                    true,
                    in.readLong(),
                    in.readLong(),
                    optional(in),
                    Map.of("rows", in.readLong()),
                    position(optional(in), in.readLong())));
        }
        Duration held = Duration.ofNanos(in.readLong());
        List<String> warnings = List.of(text(in).split("\n"));
        Map<String, List<String>> changed = new TreeMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            changed.put(text(in), List.of(text(in).split("\n")));
        }
        return new SnapshotManifest(metadata.datasets(datasets).build(), held, changed, warnings);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private static Optional<LogPosition> position(Optional<String> timeline, long transaction) {
        return timeline.map(line -> new LogPosition(line, transaction));
    }

    private static Optional<String> optional(DataInputStream in) throws IOException {
        return Optional.of(text(in)).filter(text -> !text.isEmpty());
    }
}
