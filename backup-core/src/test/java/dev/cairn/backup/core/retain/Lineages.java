package dev.cairn.backup.core.retain;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotTrigger;
import dev.cairn.backup.spi.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Lineages made by hand or by a seed, for the tests of this package. */
final class Lineages {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Lineages() {}

    /** A snapshot under construction. */
    static SnapshotMetadata.Builder snapshot(long sequence) {
        return SnapshotMetadata.builder(SnapshotId.of("s" + sequence), START.plusSeconds(sequence * 60))
                .sequence(sequence)
                .datasets(List.of(dataset("a", 10, 1000)));
    }

    static Kept good(long sequence) {
        return kept(snapshot(sequence));
    }

    static Kept kept(SnapshotMetadata.Builder snapshot, Mark.Kind... marks) {
        return new Kept(
                snapshot.build(),
                List.of(marks).stream()
                        .map(kind -> new Mark(kind, "test", START, "a test wanted it"))
                        .toList());
    }

    static DatasetSummary dataset(String name, long entries, long bytes) {
        return new DatasetSummary(name, "fake", true, entries, bytes, Optional.empty(), Map.of());
    }

    /** One rule for everything but safety snapshots. */
    static RetentionPools all(Retention rule) {
        return new RetentionPools(Optional.of(rule), Map.of(), Map.of(), rule, rule, Retention.keepLast(1));
    }

    /** Up to 14 snapshots in any order whose clocks go as they like, with any marks, origins and datasets. */
    static List<Kept> anyOf(Random random) {
        List<Kept> lineage = new ArrayList<>();
        int size = random.nextInt(15);
        for (int sequence = 1; sequence <= size; sequence++) {
            SnapshotMetadata.Builder snapshot = SnapshotMetadata.builder(
                            SnapshotId.of("s" + sequence), START.plus(Duration.ofHours(random.nextInt(400) - 200)))
                    .sequence(sequence * 3L)
                    .trigger(SnapshotTrigger.values()[random.nextInt(3)])
                    .schedule(
                            random.nextBoolean()
                                    ? List.of("hourly", "daily", "gone").get(random.nextInt(3))
                                    : null)
                    .label(random.nextInt(3) == 0 ? List.of("release", "other").get(random.nextInt(2)) : null)
                    .safetyFor(random.nextInt(6) == 0 ? SnapshotId.of("x") : null)
                    .datasets(datasets(random));
            lineage.add(kept(snapshot, marks(random)));
        }
        java.util.Collections.shuffle(lineage, random);
        return lineage;
    }

    private static List<DatasetSummary> datasets(Random random) {
        List<DatasetSummary> datasets = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            switch (random.nextInt(3)) {
                case 0 -> datasets.add(dataset(name, 1 + random.nextInt(20), random.nextInt(1000)));
                case 1 -> datasets.add(DatasetSummary.absent(name, "fake"));
                default -> {
                    // The snapshot is not about it.
                }
            }
        }
        return datasets;
    }

    private static Mark.Kind[] marks(Random random) {
        List<Mark.Kind> marks = new ArrayList<>();
        for (Mark.Kind kind : Mark.Kind.values()) {
            if (random.nextInt(6) == 0) {
                marks.add(kind);
            }
        }
        return marks.toArray(Mark.Kind[]::new);
    }

    static RetentionPools poolsOf(Random random) {
        return new RetentionPools(
                random.nextBoolean() ? Optional.empty() : Optional.of(rule(random)),
                Map.of("hourly", rule(random), "daily", rule(random)),
                random.nextBoolean() ? Map.of() : Map.of("release", rule(random)),
                rule(random),
                rule(random),
                rule(random));
    }

    private static Retention rule(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Retention.keepAll();
            case 1 -> Retention.keepWithin(Duration.ofHours(1 + random.nextInt(100)));
            case 2 -> Retention.keepEach(Retention.Period.values()[random.nextInt(5)], 1 + random.nextInt(3));
            case 3 -> rule(random).or(Retention.keepLast(1 + random.nextInt(3)));
            default -> Retention.keepLast(1 + random.nextInt(5));
        };
    }

    static List<Kept> newestFirst(List<Kept> lineage) {
        return lineage.stream()
                .sorted(Comparator.comparingLong((Kept kept) -> -kept.metadata().sequence()))
                .toList();
    }
}
