package dev.cairn.backup.cli.command;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.core.inspect.GoodSnapshots;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.SnapshotRepository;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which snapshot is meant: an id, {@code latest}, or the newest good one at a time. */
final class SnapshotChoice {

    static final String LATEST = "latest";

    @Parameters(
            arity = "0..1",
            paramLabel = "ID|latest",
            description = "A snapshot: its id, or 'latest' for the newest good one. Not with --at.")
    private @Nullable String id;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "The newest good snapshot that was taken at or before that time: 2026-11-21T17:30:05Z, or without "
                            + "a zone in that of this machine.")
    private @Nullable String at;

    /** Made by picocli. */
    SnapshotChoice() {}

    /**
     * Chooses among the good snapshots of this installation; an id may be that of another's.
     *
     * @param datasets what "latest" must hold: schedules may take other datasets than are wanted
     */
    SnapshotId of(Invocation in, Collection<String> datasets) {
        if (at != null && id != null) {
            throw new InvalidValueException("snapshot", id + " --at " + at, "an id or 'latest', or --at with a time");
        }
        if (at == null && id == null) {
            throw new InvalidValueException("snapshot", "", "an id, 'latest', or --at with a time");
        }
        if (id != null && !id.equals(LATEST)) {
            return SnapshotId.of(id);
        }
        Instant until = at == null ? Instant.MAX : time(at);
        try (SnapshotRepository repository = in.reading()) {
            return newest(good(in, repository, datasets), until, at == null ? LATEST : at);
        }
    }

    /** An id, or the newest good snapshot of this installation that holds these datasets. */
    static SnapshotId of(Invocation in, SnapshotRepository repository, String id, Collection<String> datasets) {
        return id.equals(LATEST) ? newest(good(in, repository, datasets), Instant.MAX, id) : SnapshotId.of(id);
    }

    private static List<SnapshotMetadata> good(
            Invocation in, SnapshotRepository repository, Collection<String> datasets) {
        if (!Files.isDirectory(in.configuration().state())) {
            return List.of(); // Nothing is made to look at it.
        }
        try (BlobStore state = in.configuration().stateStore()) {
            return GoodSnapshots.in(repository, state).stream()
                    .filter(one -> datasets.stream().allMatch(name -> holds(one, name)))
                    .toList();
        }
    }

    private static boolean holds(SnapshotMetadata snapshot, String dataset) {
        return snapshot.dataset(dataset).filter(DatasetSummary::present).isPresent();
    }

    private static SnapshotId newest(List<SnapshotMetadata> good, Instant until, String said) {
        return good.stream()
                .filter(one -> !one.createdAt().isAfter(until))
                .reduce((older, newer) -> newer)
                .map(SnapshotMetadata::id)
                .orElseThrow(
                        () -> new InvalidValueException(
                                "snapshot",
                                said,
                                good.stream()
                                        .map(SnapshotMetadata::createdAt)
                                        .min(Instant::compareTo)
                                        .map(first -> "a time not before " + first + ", or an id; see 'cairn list'")
                                        .orElse(
                                                "an id: this installation has no good snapshot of what was asked for; see 'cairn list --all'")));
    }

    /** As ISO 8601 has it, also with a space in the place of the T, as the other commands print it. */
    static Instant time(String text) {
        String iso = text.strip().replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) ", "$1T");
        try {
            return iso.matches(".*(Z|[+-]\\d{2}(:?\\d{2})?)$") && iso.contains("T")
                    ? OffsetDateTime.parse(iso).toInstant()
                    : LocalDateTime.parse(iso).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidValueException(
                    "--at", text, "a time such as 2026-11-21T17:30:05Z, 2026-11-21T18:30+01:00 or 2026-11-21T17:30");
        }
    }
}
