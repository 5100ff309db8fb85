package dev.cairn.backup;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a snapshot without reading its content.
 *
 * @param id its id
 * @param sequence its place in the repository's order; greater is newer, whatever the clocks said; at least 1
 * @param createdAt the wall clock inside the barrier
 * @param projectionVersion the host's version inside the barrier; empty if the host gives none
 * @param trigger why it was taken
 * @param schedule the schedule that took it; empty for manual and shutdown snapshots
 * @param label the caller's label, if it gave one
 * @param sizeBytes content bytes of all datasets, as serialized
 * @param lineage the installation it belongs to
 * @param parent the good snapshot of the same lineage that came before it, if any
 * @param safetyFor the snapshot whose restore it was taken for, if it is a safety snapshot
 * @param datasets what it holds
 */
public record SnapshotMetadata(
        SnapshotId id,
        long sequence,
        Instant createdAt,
        OptionalLong projectionVersion,
        SnapshotTrigger trigger,
        Optional<String> schedule,
        Optional<String> label,
        long sizeBytes,
        String lineage,
        Optional<SnapshotId> parent,
        Optional<SnapshotId> safetyFor,
        List<DatasetSummary> datasets) {

    /** Copies the list. */
    public SnapshotMetadata {
        datasets = List.copyOf(datasets);
    }

    /** The named counts of all datasets, summed by name, in the order of the datasets. */
    public Map<String, Long> counts() {
        Map<String, Long> sums = new LinkedHashMap<>();
        datasets.forEach(dataset -> dataset.counts().forEach((name, count) -> sums.merge(name, count, Long::sum)));
        return sums;
    }

    /** The dataset of that name, if the snapshot has it. */
    public Optional<DatasetSummary> dataset(String name) {
        return datasets.stream().filter(dataset -> dataset.name().equals(name)).findFirst();
    }

    /** Begins a value by hand, for tests and for hosts with a catalogue of their own. */
    public static Builder builder(SnapshotId id, Instant createdAt) {
        return new Builder(id, createdAt);
    }

    /** Makes metadata; what is not set is empty, MANUAL, sequence 1 and lineage {@code "local"}. Not thread-safe. */
    public static final class Builder {

        private final SnapshotId id;
        private final Instant createdAt;
        private long sequence = 1;
        private OptionalLong projectionVersion = OptionalLong.empty();
        private SnapshotTrigger trigger = SnapshotTrigger.MANUAL;
        private @Nullable String schedule;
        private @Nullable String label;
        private String lineage = "local";
        private @Nullable SnapshotId parent;
        private @Nullable SnapshotId safetyFor;
        private List<DatasetSummary> datasets = List.of();

        private Builder(SnapshotId id, Instant createdAt) {
            this.id = id;
            this.createdAt = createdAt;
        }

        /** See {@link SnapshotMetadata#sequence}. */
        public Builder sequence(long value) {
            this.sequence = value;
            return this;
        }

        /** See {@link SnapshotMetadata#projectionVersion}. */
        public Builder projectionVersion(long value) {
            this.projectionVersion = OptionalLong.of(value);
            return this;
        }

        /** See {@link SnapshotMetadata#projectionVersion}. */
        public Builder projectionVersion(OptionalLong value) {
            this.projectionVersion = value;
            return this;
        }

        /** See {@link SnapshotMetadata#trigger}. */
        public Builder trigger(SnapshotTrigger value) {
            this.trigger = value;
            return this;
        }

        /** See {@link SnapshotMetadata#schedule}. */
        public Builder schedule(@Nullable String value) {
            this.schedule = value;
            return this;
        }

        /** See {@link SnapshotMetadata#label}. */
        public Builder label(@Nullable String value) {
            this.label = value;
            return this;
        }

        /** See {@link SnapshotMetadata#lineage}. */
        public Builder lineage(String value) {
            this.lineage = value;
            return this;
        }

        /** See {@link SnapshotMetadata#parent}. */
        public Builder parent(@Nullable SnapshotId value) {
            this.parent = value;
            return this;
        }

        /** See {@link SnapshotMetadata#safetyFor}. */
        public Builder safetyFor(@Nullable SnapshotId value) {
            this.safetyFor = value;
            return this;
        }

        /** See {@link SnapshotMetadata#datasets}; the size is their sum. */
        public Builder datasets(List<DatasetSummary> value) {
            this.datasets = value;
            return this;
        }

        /** Makes the value. */
        public SnapshotMetadata build() {
            return new SnapshotMetadata(
                    id,
                    sequence,
                    createdAt,
                    projectionVersion,
                    trigger,
                    Optional.ofNullable(schedule),
                    Optional.ofNullable(label),
                    datasets.stream().mapToLong(DatasetSummary::bytes).sum(),
                    lineage,
                    Optional.ofNullable(parent),
                    Optional.ofNullable(safetyFor),
                    datasets);
        }
    }
}
