package dev.cairn.backup.core.restore;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.RestoreCallback;
import dev.cairn.backup.RestoreCheck;
import dev.cairn.backup.RestoreFailedException;
import dev.cairn.backup.RestoreHooks;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.lineage.Epochs;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.RestoreScope;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.StagedRestore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one restore out: intent, stage all, hook, swap all, hook, callbacks, checks, done. The record {@code done} is the commit point: whatever fails
 * before it, here or by a crash, ends with all old data back. Used once, by one thread.
 */
public final class RestoreExecution {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreExecution.class);
    private static final String UNDONE = "a restore of the dataset was undone";

    /**
     * What the host wants done around the swap.
     *
     * @param hooks lets go of the data and takes it up again
     * @param callbacks told that new data is live
     * @param checks asked whether all is well
     * @param sources what ships the datasets' change logs
     * @param version the host's version, if it has any
     */
    public record HostSide(
            RestoreHooks hooks,
            List<RestoreCallback> callbacks,
            List<RestoreCheck> checks,
            PausedSources sources,
            Optional<LongSupplier> version) {

        /** A host without continuous protection and versions. */
        public HostSide(RestoreHooks hooks, List<RestoreCallback> callbacks, List<RestoreCheck> checks) {
            this(hooks, callbacks, checks, PausedSources.NONE, Optional.empty());
        }
    }

    /**
     * A restore that succeeded.
     *
     * @param id its id
     * @param steps how long each step took
     * @param staged how long staging each dataset took
     */
    public record Done(String id, Map<String, Duration> steps, Map<String, Duration> staged) {}

    private final RestoreRecords records;
    private final Epochs epochs;
    private final HostSide host;
    private final SnapshotMetadata snapshot;
    private final Map<Dataset, StagedRestore> staged = new LinkedHashMap<>();
    private final Map<String, Duration> steps = new LinkedHashMap<>();
    private final Map<String, Duration> stageTimes = new LinkedHashMap<>();
    private OptionalLong versionAtSwap = OptionalLong.empty();
    private boolean released;
    private boolean begun;

    /** A restore of that snapshot. */
    public RestoreExecution(RestoreRecords records, Epochs epochs, HostSide host, SnapshotMetadata snapshot) {
        this.records = records;
        this.epochs = epochs;
        this.host = host;
        this.snapshot = snapshot;
    }

    /**
     * Restores the datasets.
     *
     * @param reader the snapshot; closed once all is staged
     * @throws RestoreFailedException if it failed; it tells whether all is as before
     * @throws BackupException of another type, if nothing had been changed yet
     */
    public Done run(
            SnapshotReader reader,
            List<Dataset> targets,
            Optional<SnapshotId> safety,
            Instant startedAt,
            CancellationToken cancellation) {
        return run(RestoreSource.of(reader, dataset -> RestoreScope.WHOLE), targets, safety, startedAt, cancellation);
    }

    /** The same from whatever source. */
    Done run(
            RestoreSource source,
            List<Dataset> targets,
            Optional<SnapshotId> safety,
            Instant startedAt,
            CancellationToken cancellation) {
        RestoreRecords.Intent intent = new RestoreRecords.Intent(
                snapshot.id().value(),
                startedAt.toString(),
                safety.map(SnapshotId::value).orElse(null),
                targets.stream()
                        .map(target -> RestoreRecords.Target.of(target, source.paths(target.name())))
                        .toList());
        String id = records.begin(intent);
        try {
            timed("stage", () -> stage(source, targets, id, startedAt, cancellation));
            timed("before-hook", this::release);
            versionAtSwap = askVersion();
            epochs.begin();
            begun = true;
            cancellation.throwIfCancelled("restore of " + snapshot.id());
            timed("swap", () -> staged.values().forEach(StagedRestore::swap));
            timed("after-hook", () -> takeUp("the dataset was restored"));
            timed("callbacks", () -> host.callbacks().forEach(callback -> callback.onRestored(snapshot)));
            timed("checks", this::check);
        } catch (RuntimeException | Error e) {
            throw undo(id, e);
        }
        commit(id, intent, startedAt);
        return new Done(id, steps, stageTimes);
    }

    private void stage(
            RestoreSource source, List<Dataset> targets, String id, Instant startedAt, CancellationToken cancellation) {
        try (source) {
            stageEach(source, targets, id, startedAt, cancellation);
        }
        cancellation.throwIfCancelled("restore of " + snapshot.id());
    }

    private void stageEach(
            RestoreSource source, List<Dataset> targets, String id, Instant startedAt, CancellationToken cancellation) {
        for (Dataset dataset : targets) {
            cancellation.throwIfCancelled("restore of " + snapshot.id());
            long start = System.nanoTime();
            staged.put(dataset, source.stage(dataset, records.context(id, startedAt, dataset.name(), cancellation)));
            stageTimes.put(dataset.name(), Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Of a host that has let go of its data, so that it is the version of what becomes trash; one that cannot tell any more gives none. */
    private OptionalLong askVersion() {
        try {
            return host.version().isPresent()
                    ? OptionalLong.of(host.version().get().getAsLong())
                    : OptionalLong.empty();
        } catch (RuntimeException e) {
            LOG.debug("The host does not know its version after its before-hook", e);
            return OptionalLong.empty();
        }
    }

    private void release() {
        host.sources().pause(staged.keySet());
        released = true;
        host.hooks().before().run();
    }

    private void takeUp(String why) {
        released = false;
        host.hooks().after().run();
        host.sources().resume(staged.keySet(), why);
    }

    private void check() {
        for (RestoreCheck check : host.checks()) {
            boolean passed;
            try {
                passed = check.test().passes(snapshot);
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                throw new CheckFailed("check '" + check.name() + "' threw " + e, e);
            }
            if (!passed) {
                throw new CheckFailed("check '" + check.name() + "' did not pass", null);
            }
        }
    }

    private static final class CheckFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CheckFailed(String problem, @Nullable Exception cause) {
            super(problem, cause);
        }
    }

    private void commit(String id, RestoreRecords.Intent intent, Instant startedAt) {
        boolean done;
        try {
            done = records.decideDone(id);
        } catch (StoreException e) {
            if (e.reason() == StoreException.Reason.OUTCOME_UNKNOWN) {
                throw undecided(id, e);
            }
            throw undo(id, e);
        } catch (RuntimeException e) {
            throw undecided(id, e);
        }
        if (!done) {
            throw undo(id, new IllegalStateException("another process has undone it meanwhile"));
        }
        try {
            records.trash().keep(id, startedAt, versionAtSwap, staged);
            records.done().keep(id, intent);
            staged.values().forEach(StagedRestore::finish);
            if (staged.keySet().stream().anyMatch(AwaitedDataset.class::isInstance)) {
                records.prepared(id);
            } else {
                records.ended(id);
            }
        } catch (RuntimeException e) {
            LOG.warn("Restore {} succeeded; what is left of its staging is removed at the next start", id, e);
        }
    }

    private RestoreFailedException undecided(String id, RuntimeException cause) {
        return new RestoreFailedException(
                snapshot.id(),
                "Whether restore " + id + " is done cannot be told: " + cause.getMessage(),
                false,
                cause);
    }

    /** Brings everything back and answers what to throw. */
    private RuntimeException undo(String id, Throwable cause) {
        boolean swapped = steps.containsKey("before-hook");
        try {
            if (swapped && !released) {
                release(); // The host has taken the new data up already.
            }
            if (!records.decideUndone(id)) {
                throw new IllegalStateException("it is decided that it is done");
            }
            List<StagedRestore> backwards = new ArrayList<>(staged.values());
            Collections.reverse(backwards);
            if (begun) {
                epochs.abandon();
            }
            backwards.forEach(StagedRestore::rollback);
            records.undone(id);
            records.ended(id);
        } catch (RuntimeException | Error e) {
            e.addSuppressed(cause);
            LOG.error("Restore {} failed and could not be undone; it is pending", id, e);
            return new RestoreFailedException(
                    snapshot.id(), "Restore " + id + " failed (" + cause + ") and could not be undone: " + e, false, e);
        }
        if (released) {
            try {
                takeUp(UNDONE);
            } catch (RuntimeException e) {
                cause.addSuppressed(e);
                LOG.error("The host's after-hook failed after restore {} was undone", id, e);
            }
        }
        host.sources().resume(staged.keySet(), UNDONE); // Also if the host's hook failed or was never reached.
        boolean untouched = !swapped && cause instanceof BackupException;
        if (untouched || cause instanceof BackupCancelledException || cause instanceof DatasetInUseException) {
            return (RuntimeException) cause;
        }
        return new RestoreFailedException(
                snapshot.id(), "Restore of '" + snapshot.id() + "' failed: " + cause, true, cause);
    }

    private void timed(String step, Runnable work) {
        long start = System.nanoTime();
        work.run();
        steps.put(step, Duration.ofNanos(System.nanoTime() - start));
    }
}
