package dev.cairn.backup.core.archive;

import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryAttributes;
import dev.cairn.backup.spi.EntryContent;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;

/** Snapshots for the tests of this package, written into a browsable repository in memory, and a way to compare them. */
final class Snapshots {

    static final Instant TIME = Instant.parse("2025-05-06T07:08:09.123456789Z");
    static final String LONG =
            "a-folder-with-quite-a-long-name/".repeat(8) + "and-a-file-whose-name-is-long-as-well.txt";

    private Snapshots() {}

    static BrowsableRepository repository() {
        BrowsableRepository repository = BrowsableRepository.at(new MemoryBlobStore());
        repository.open();
        return repository;
    }

    static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Entry file(String path, byte[] bytes) {
        return file(path, bytes, EntryAttributes.of(TIME, 0640));
    }

    static Entry file(String path, byte[] bytes, EntryAttributes attributes) {
        return Entry.file(EntryPath.of(path), bytes.length, attributes, () -> new ByteArrayInputStream(bytes));
    }

    static Entry file(String path, String text) {
        return file(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Every kind of entry and attribute. */
    static List<Entry> tree() {
        EntryAttributes owned = new EntryAttributes(
                Optional.of(Instant.parse("1969-12-31T23:59:58.25Z")),
                OptionalInt.of(0755),
                Optional.of("wäscherei"),
                Optional.of("a-group-whose-name-is-longer-than-the-field-of-tar"),
                Optional.of(new EntryAttributes.Identity(TIME, "7:9")));
        return List.of(
                Entry.directory(EntryPath.ROOT, EntryAttributes.of(TIME, 0755)),
                file(LONG, "long"),
                file("bare", noise(1, 100), EntryAttributes.NONE),
                Entry.directory(EntryPath.of("d"), EntryAttributes.of(TIME.plusNanos(1), 0750)),
                file("d/big", noise(2, 300_000)),
                Entry.hardLink(EntryPath.of("d/big too"), EntryAttributes.of(TIME, 0640), EntryPath.of("d/big")),
                Entry.symlink(
                        EntryPath.of("d/dangling"), EntryAttributes.of(TIME, 0777), "/nowhere/" + "x".repeat(120)),
                file("d/empty", new byte[0]),
                file("d/executable", "#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), owned),
                Entry.symlink(EntryPath.of("d/link"), EntryAttributes.of(TIME, 0777), "../bare"),
                file("späte Grüße 日本 \\ : 🦉.txt", "ünïcode"),
                file("two\nlines", "x"));
    }

    /** Entries that somebody else chose: the order is put right. */
    static ArchivedDataset.View view(String name, List<Entry> entries) {
        List<Entry> sorted =
                entries.stream().sorted((a, b) -> a.path().compareTo(b.path())).toList();
        long bytes = entries.stream().mapToLong(Entry::size).sum();
        return new ArchivedDataset.View(
                new ArchiveManifest.Held(
                        name,
                        "files",
                        true,
                        entries.size(),
                        bytes,
                        "inode 7",
                        new TreeMap<>(Map.of("rows", 12L, "a", 1L)),
                        null,
                        List.of()),
                EntryCursor.of(sorted));
    }

    /** Commits {@code snap-1} with the datasets and one that is absent. */
    static SnapshotMetadata commit(SnapshotRepository repository, Map<String, List<Entry>> datasets) {
        try (SnapshotWriter writer = repository.begin(n -> SnapshotId.of("snap-" + n))) {
            List<DatasetSummary> summaries = new ArrayList<>();
            new TreeMap<>(datasets)
                    .forEach((name, entries) -> summaries.add(writer.write(
                            new ArchivedDataset(name, "files"),
                            view(name, entries),
                            Optional.empty(),
                            (more, bytes) -> {},
                            new CancellationToken())));
            summaries.add(DatasetSummary.absent("gone", "sqlite"));
            SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), Instant.parse("2026-02-18T09:00:00.123Z"))
                    .sequence(writer.sequence())
                    .projectionVersion(7)
                    .trigger(SnapshotTrigger.PERIODIC)
                    .schedule("hourly")
                    .label("before the möve")
                    .lineage("a-lineage")
                    .parent(SnapshotId.of("snap-0"))
                    .datasets(summaries)
                    .build();
            writer.commit(new SnapshotManifest(
                    metadata, Duration.ofMillis(3), Map.of("tree", List.of("d/big")), List.of("Something was odd")));
            return metadata;
        }
    }

    /** A repository with one snapshot, {@code snap-1}, of the tree and of a database-like dataset. */
    static BrowsableRepository sample() {
        BrowsableRepository repository = repository();
        commit(repository, Map.of("tree", tree(), "proofs", List.of(file("p/1", "one"), file("p/2", "two"))));
        return repository;
    }

    static byte[] export(SnapshotRepository repository, ExportRequest request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SnapshotReader reader = repository.read(SnapshotId.of("snap-1"))) {
            SnapshotArchive.export(reader, request, out);
        }
        return out.toByteArray();
    }

    /** One line for each entry, with all that an archive keeps of it. */
    static List<String> describe(SnapshotRepository repository, String id) {
        List<String> lines = new ArrayList<>();
        try (SnapshotReader reader = repository.read(SnapshotId.of(id))) {
            for (DatasetSummary summary : reader.manifest().metadata().datasets()) {
                lines.add(summary.name() + " " + summary.kind() + " " + summary.present() + " " + summary.entries()
                        + " " + summary.bytes() + " " + summary.identity() + " " + new TreeMap<>(summary.counts()));
                try (EntryCursor cursor = reader.dataset(summary.name()).entries()) {
                    for (Entry entry = cursor.next(); entry != null; entry = cursor.next()) {
                        lines.add(describe(entry));
                    }
                }
            }
        }
        return lines;
    }

    private static String describe(Entry entry) {
        EntryAttributes attributes = entry.attributes();
        return entry.path() + "|" + entry.type() + "|" + entry.size() + "|" + attributes.modified() + "|"
                + attributes.mode()
                + "|" + attributes.owner() + "|" + attributes.group() + "|" + entry.linkTarget() + "|"
                + HexFormat.of().formatHex(EntryDigest.sha256().digest(bytes(entry.content())));
    }

    static byte[] bytes(EntryContent content) {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] flipped(byte[] bytes, int at, int bit) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) (1 << bit);
        return changed;
    }

    static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }
}
