package dev.cairn.backup.core.capture;

import dev.cairn.backup.BackupException;
import dev.cairn.backup.Barrier;
import dev.cairn.backup.BarrierException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.Progress;
import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotLink;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.SourceException;
import dev.cairn.backup.spi.CaptureContext;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.FrozenView;
import dev.cairn.backup.spi.PreparedCapture;
import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.SnapshotManifest;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.SnapshotWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one snapshot of several datasets at one instant. Whatever fails, nothing half captured is listed. For one caller at a time.
 */
public final class SnapshotCapture {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotCapture.class);
    private static final int ATTEMPTS = 4;
    private static final int NAMING_ATTEMPTS = 1000;

    private final SnapshotRepository repository;
    private final Host host;

    /**
     * What the host gave.
     *
     * @param datasets all of its datasets, in order
     * @param barrier its lock
     * @param barrierTimeout how long to wait for it
     * @param version its version, if it has one
     * @param naming how ids are made
     * @param clock the wall clock
     * @param threads where the barrier is called
     * @param scratch local room for temporary copies
     * @param progress passes progress on to a listener
     */
    public record Host(
            List<Dataset> datasets,
            Barrier barrier,
            Duration barrierTimeout,
            Optional<LongSupplier> version,
            SnapshotNaming naming,
            InstantSource clock,
            Executor threads,
            Optional<ScratchSpace> scratch,
            BiConsumer<ProgressListener, Progress> progress) {}

    /**
     * What the engine knows of the snapshots before.
     *
     * @param lineage the lineage
     * @param id the snapshot that the new one follows
     * @param bytes what that one holds
     * @param holding the snapshot that each dataset continues; a dataset that no good snapshot holds is not in it
     * @param previous the heads of the chain, which the new one continues
     */
    public record Parent(
            String lineage,
            Optional<SnapshotId> id,
            OptionalLong bytes,
            Map<String, SnapshotId> holding,
            List<SnapshotLink> previous) {

        /** Copies the collections. */
        public Parent {
            holding = Map.copyOf(holding);
            previous = List.copyOf(previous);
        }

        Optional<SnapshotId> of(Dataset dataset) {
            return Optional.ofNullable(holding.get(dataset.name()));
        }
    }

    /** A capture from the host's datasets into the repository. */
    public SnapshotCapture(SnapshotRepository repository, Host host) {
        this.repository = repository;
        this.host = host;
    }

    /**
     * Takes the snapshot; when this returns it is durable.
     *
     * @param beforeCommit told what is about to be committed, so that its marks stand before it is listed; what it throws fails the snapshot
     * @throws BackupException if it was not taken
     */
    public SnapshotManifest take(CaptureOrder order, Parent parent, Consumer<SnapshotMetadata> beforeCommit) {
        List<Dataset> chosen = chosen(order);
        ProgressMeter meter = new ProgressMeter(
                "snapshot", parent.bytes(), progress -> host.progress().accept(order.progress(), progress));
        order.cancellation().throwIfCancelled("snapshot");
        try (SnapshotWriter writer = begin(order)) {
            for (int attempt = 1; ; attempt++) {
                try {
                    SnapshotManifest taken = attempt(order, parent, chosen, writer, meter, beforeCommit);
                    meter.report();
                    return taken;
                } catch (CutMissedException e) {
                    if (attempt == ATTEMPTS) {
                        throw e;
                    }
                    LOG.debug("Snapshot {} is taken again: {}", writer.id(), e.getMessage());
                    writer.restart();
                    meter.restart();
                }
            }
        }
    }

    private List<Dataset> chosen(CaptureOrder order) {
        List<String> known = host.datasets().stream().map(Dataset::name).toList();
        order.datasets().names().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidValueException("dataset", name, "one of " + known);
                });
        return host.datasets().stream()
                .filter(dataset -> order.datasets().includes(dataset.name()))
                .toList();
    }

    private SnapshotWriter begin(CaptureOrder order) {
        for (int i = 0; ; i++) {
            int attempt = i;
            try {
                return repository.begin(sequence -> order.id()
                        .orElseGet(
                                () -> host.naming().name(sequence, host.clock().instant(), order.label(), attempt)));
            } catch (SnapshotExistsException e) {
                if (order.id().isPresent() || i == NAMING_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private SnapshotManifest attempt(
            CaptureOrder order,
            Parent parent,
            List<Dataset> chosen,
            SnapshotWriter writer,
            ProgressMeter meter,
            Consumer<SnapshotMetadata> beforeCommit) {
        List<String> warnings = Collections.synchronizedList(new ArrayList<>());
        Map<Dataset, PreparedCapture> prepared = new LinkedHashMap<>();
        try {
            for (Dataset dataset : chosen) {
                order.cancellation().throwIfCancelled("snapshot " + writer.id());
                Optional<PreparedCapture> capture =
                        typed(dataset, () -> dataset.prepare(new Context(writer.id(), order.cancellation(), warnings)));
                if (capture.isPresent()) {
                    prepared.put(dataset, capture.get());
                } else {
                    warnings.add("optional dataset '" + dataset.name() + "' is missing");
                }
            }
            try (Cut cut = BarrierRun.hold(
                    host.barrier(), () -> freeze(prepared), Cut::close, host.barrierTimeout(), host.threads())) {
                return write(order, parent, chosen, cut, writer, meter, warnings, beforeCommit);
            }
        } finally {
            prepared.values().forEach(Cut::letGo);
        }
    }

    /** Runs inside the host's barrier: nothing here may wait. */
    private Cut freeze(Map<Dataset, PreparedCapture> prepared) {
        long start = System.nanoTime();
        Map<Dataset, FrozenView> views = new LinkedHashMap<>();
        try {
            prepared.forEach((dataset, capture) -> views.put(dataset, typed(dataset, capture::freeze)));
            OptionalLong version = version();
            return new Cut(host.clock().instant(), version, Duration.ofNanos(System.nanoTime() - start), views);
        } catch (RuntimeException | Error e) {
            views.values().forEach(Cut::letGo);
            throw e;
        }
    }

    private OptionalLong version() {
        if (host.version().isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(host.version().get().getAsLong());
        } catch (BackupException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new BarrierException(
                    BarrierException.Reason.FAILED,
                    "The host's projectionVersion threw " + e,
                    "Mend it; the snapshot was not taken",
                    e);
        }
    }

    /** What a dataset throws against its contract is the host's trouble, told with the dataset's name. */
    private static <T> T typed(Dataset dataset, Supplier<T> step) {
        try {
            return step.get();
        } catch (BackupException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SourceException(dataset.name(), "it threw " + e, "Mend the dataset or its source", e);
        }
    }

    private SnapshotManifest write(
            CaptureOrder order,
            Parent parent,
            List<Dataset> chosen,
            Cut cut,
            SnapshotWriter writer,
            ProgressMeter meter,
            List<String> warnings,
            Consumer<SnapshotMetadata> beforeCommit) {
        List<DatasetSummary> summaries = new ArrayList<>();
        Map<String, List<String>> changed = new LinkedHashMap<>();
        for (Dataset dataset : chosen) {
            FrozenView view = cut.views().get(dataset);
            if (view == null) {
                summaries.add(DatasetSummary.absent(dataset.name(), dataset.kind()));
                continue;
            }
            meter.dataset(dataset.name());
            summaries.add(
                    typed(dataset, () -> writer.write(dataset, view, parent.of(dataset), meter, order.cancellation())));
            List<EntryPath> after = typed(dataset, view::changedAfterCut);
            if (!after.isEmpty()) {
                changed.put(dataset.name(), after.stream().map(EntryPath::value).toList());
            }
            Cut.letGo(view);
        }
        SnapshotMetadata metadata = SnapshotMetadata.builder(writer.id(), cut.at())
                .sequence(writer.sequence())
                .projectionVersion(cut.version())
                .trigger(order.trigger())
                .schedule(order.schedule().orElse(null))
                .label(order.label().orElse(null))
                .lineage(parent.lineage())
                .parent(parent.id().orElse(null))
                .safetyFor(order.safetyFor().orElse(null))
                .datasets(summaries)
                .build();
        SnapshotManifest manifest =
                new SnapshotManifest(metadata, cut.held(), changed, List.copyOf(warnings), parent.previous());
        order.cancellation().throwIfCancelled("snapshot " + writer.id());
        beforeCommit.accept(metadata);
        writer.commit(manifest);
        return manifest;
    }

    private final class Context implements CaptureContext {

        private final SnapshotId id;
        private final CancellationToken cancellation;
        private final List<String> warnings;

        Context(SnapshotId id, CancellationToken cancellation, List<String> warnings) {
            this.id = id;
            this.cancellation = cancellation;
            this.warnings = warnings;
        }

        @Override
        public SnapshotId snapshot() {
            return id;
        }

        @Override
        public ScratchSpace scratch() {
            return host.scratch()
                    .orElseThrow(() -> new ConfigurationException(
                            "A dataset needs local room for temporary copies and the state store has none",
                            "Give some with Cairn.builder().scratch(…)"));
        }

        @Override
        public CancellationToken cancellation() {
            return cancellation;
        }

        @Override
        public void warn(String warning) {
            warnings.add(warning);
        }
    }
}
