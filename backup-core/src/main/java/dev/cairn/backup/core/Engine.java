package dev.cairn.backup.core;

import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.core.capture.SnapshotCapture;
import dev.cairn.backup.core.capture.SnapshotTaking;
import dev.cairn.backup.core.cursor.Cursors;
import dev.cairn.backup.core.drill.Drills;
import dev.cairn.backup.core.lineage.Lineage;
import dev.cairn.backup.core.operate.EventDispatcher;
import dev.cairn.backup.core.operate.HealthBoard;
import dev.cairn.backup.core.restore.PausedSources;
import dev.cairn.backup.core.restore.PendingRestores;
import dev.cairn.backup.core.restore.RestoreExecution;
import dev.cairn.backup.core.restore.RestorePlanner;
import dev.cairn.backup.core.restore.RestoreRates;
import dev.cairn.backup.core.restore.RestoreTrash;
import dev.cairn.backup.core.restore.Restoring;
import dev.cairn.backup.core.retain.Catalog;
import dev.cairn.backup.core.retain.Pruning;
import dev.cairn.backup.spi.ScratchSpace;
import dev.cairn.backup.spi.SnapshotRepository;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * All that works on an opened repository and state store. Made once both can be reached.
 *
 * @param lineage what the installation remembers
 * @param catalog what the repository holds of it
 * @param taking takes snapshots
 * @param pruning removes them
 * @param planner plans restores
 * @param restoring carries them out
 * @param trash what they have put aside
 * @param cursors reads the cuts in snapshots
 * @param logs the change logs between snapshots
 * @param evidence the chain of snapshots, and receipts
 */
record Engine(
        Lineage lineage,
        Catalog catalog,
        SnapshotTaking taking,
        Pruning pruning,
        RestorePlanner planner,
        Restoring restoring,
        RestoreTrash trash,
        Cursors cursors,
        Logs logs,
        Evidence evidence) {

    /**
     * Opens both stores and cleans the scratch room.
     *
     * @throws dev.cairn.backup.StoreException if a store cannot be reached
     * @throws dev.cairn.backup.RestorePendingException if a restore is pending
     */
    static Engine open(
            Settings settings, HealthBoard board, EventDispatcher events, Executor workers, PausedSources sources) {
        PendingRestores pending = new PendingRestores(settings.state());
        Predicate<DatasetSummary> awaited = settings.awaited();
        if (awaited == null) {
            pending.requireNone();
        } else {
            pending.requireNoneButPrepared();
        }
        Lineage lineage = Lineage.open(settings.state());
        settings.epochs().known();
        SnapshotRepository repository = settings.repository();
        repository.open();
        settings.scratch().ifPresent(ScratchSpace::clean);
        Catalog catalog = new Catalog(repository, lineage.id());
        SnapshotCapture capture = new SnapshotCapture(
                repository,
                new SnapshotCapture.Host(
                        settings.datasets(),
                        settings.barrier(),
                        settings.barrierTimeout(),
                        settings.version(),
                        settings.naming(),
                        settings.clock(),
                        workers,
                        settings.scratch(),
                        events::progress));
        Evidence evidence = new Evidence(settings, lineage.id(), board, events);
        SnapshotTaking taking = new SnapshotTaking(
                capture, repository, catalog, lineage, board, events, settings.clock(), evidence.proofs());
        Logs logs = new Logs(settings, lineage.id(), catalog);
        RestoreRates rates = new RestoreRates(settings.state());
        RestoreTrash trash = new RestoreTrash(settings.state(), settings.datasets());
        RestorePlanner planner = new RestorePlanner(
                repository,
                logs.points(),
                settings.datasets(),
                settings.version(),
                settings.maxAge(),
                settings.clock(),
                settings.epochs(),
                rates,
                awaited == null ? summary -> false : awaited);
        Restoring restoring = new Restoring(
                repository,
                settings.state(),
                planner,
                taking,
                catalog,
                lineage,
                settings.epochs(),
                new RestoreExecution.HostSide(
                        settings.hooks(), settings.callbacks(), settings.checks(), sources, settings.version()),
                board,
                events,
                settings.clock(),
                rates,
                trash);
        Engine engine = new Engine(
                lineage,
                catalog,
                taking,
                new Pruning(
                        repository, catalog, settings.pools(), settings.nanos(), settings.trail(), evidence.proofs()),
                planner,
                restoring,
                trash,
                new Cursors(repository),
                logs,
                evidence);
        restoring.releaseTargets();
        Drills.cleanUp(repository, settings.state(), lineage.id());
        engine.report(board);
        evidence.opened();
        return engine;
    }

    private void report(HealthBoard board) {
        refresh(board);
        lineage.lastShutdown().ifPresent(board::lastShutdown);
        if (lineage.isNew() && !catalog.all().isEmpty()) {
            board.warn(
                    "the state store is new, but the repository holds snapshots of other lineages: if the old state store is lost, look at "
                            + "listAll() before you rely on retention");
        }
    }

    /** Tells health what the repository holds now. */
    void refresh(HealthBoard board) {
        board.listed(catalog.kept());
    }

    /** The installation, for verdicts. Its own snapshots tell what versions it has had, also if the state store was lost or full. */
    RestorePlanner.Installation installation() {
        OptionalLong listed = catalog.own().stream()
                .filter(metadata -> metadata.projectionVersion().isPresent())
                .mapToLong(metadata -> metadata.projectionVersion().getAsLong())
                .max();
        OptionalLong remembered = lineage.highestVersion();
        return new RestorePlanner.Installation(
                lineage.id(),
                listed.isPresent() && remembered.isPresent()
                        ? OptionalLong.of(Math.max(listed.getAsLong(), remembered.getAsLong()))
                        : listed.isPresent() ? listed : remembered);
    }
}
