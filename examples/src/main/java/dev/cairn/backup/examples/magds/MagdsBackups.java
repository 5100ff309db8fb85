package dev.cairn.backup.examples.magds;

import dev.cairn.backup.Actor;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.Retention;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotNaming;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.browse.BrowsableRepository;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.spi.Dataset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How MagDS embeds Cairn. Opened by each command that needs it, closed at its end; one process at a time, which the audit log sees to. */
final class MagdsBackups implements AutoCloseable {

    /** An operator names the backup by its id; how old it is, is the operator's business. */
    private static final Duration ANY_AGE = Duration.ofDays(36_500);

    private final MagdsConfig config;
    private final Optional<AuditLog> audit;
    private final SnapshotManager manager;
    private final Telemetry telemetry;
    private final Evidence evidence;
    private final EventBus bus = new EventBus();
    private final InstantSource clock;

    private MagdsBackups(
            MagdsPlace place,
            MagdsConfig config,
            SnapshotManager manager,
            Optional<AuditLog> audit,
            InstantSource clock) {
        this.config = config;
        this.manager = manager;
        this.audit = audit;
        this.clock = clock;
        this.telemetry = new Telemetry(place.telemetry());
        this.evidence = new Evidence(place.evidence());
    }

    /** Opens them to work: ends a restore that a crash cut short, and writes down what is done. */
    static MagdsBackups open(MagdsPlace place, MagdsConfig config, Actor actor, InstantSource clock) {
        FileBlobStore state = FileBlobStore.at(place.state());
        AuditLog audit = FileAuditLog.at(place.audit(), state).clock(clock).open();
        try {
            Cairn.recoverPending(state, datasets(config), audit);
            SnapshotManager manager =
                    configured(place, config).clock(clock).audit(audit, actor).open();
            MagdsBackups backups = new MagdsBackups(place, config, manager, Optional.of(audit), clock);
            backups.bus.subscribe(event -> audit.append(backups.line(event, actor)));
            return backups;
        } catch (RuntimeException | Error e) {
            audit.close();
            throw e;
        }
    }

    /** Opens them for a dry run, which leaves no trace but the engine's note of how it was closed. */
    static MagdsBackups look(MagdsPlace place, MagdsConfig config) {
        return new MagdsBackups(
                place,
                config,
                configured(place, config).openWhileHostIsDown(),
                Optional.empty(),
                InstantSource.system());
    }

    private static List<Dataset> datasets(MagdsConfig config) {
        return config.datasets().stream().map(Source::dataset).toList();
    }

    private static CairnBuilder configured(MagdsPlace place, MagdsConfig config) {
        return Cairn.builder()
                .repository(
                        BrowsableRepository.at(FileBlobStore.at(config.path())).checksum(config.algorithm()))
                .state(FileBlobStore.at(place.state()))
                .datasets(datasets(config))
                .naming(SnapshotNaming.timestamp())
                .manualRetention(config.maxCount() > 0 ? Retention.keepLast(config.maxCount()) : Retention.keepAll())
                .safetyRetention(Retention.keepLast(1))
                .maxAge(ANY_AGE);
    }

    private AuditEvent line(EventBus.Event event, Actor actor) {
        AuditEvent line = event.name().equals(EventBus.VERIFY_FAILED)
                ? AuditEvent.failed(clock.instant(), actor.id(), event.name(), event.backup())
                : AuditEvent.allowed(clock.instant(), actor.id(), event.name(), event.backup());
        for (Map.Entry<String, String> detail : event.details().entrySet()) {
            line = line.detail(detail.getKey(), detail.getValue());
        }
        return line;
    }

    /** The host's bus, for whoever else listens. */
    EventBus bus() {
        return bus;
    }

    /**
     * A backup that was taken.
     *
     * @param report what came of it
     * @param manifest its manifest
     * @param pruned how many old ones retention removed
     */
    record Taken(SnapshotReport report, BackupManifest manifest, int pruned) {}

    /** Takes a backup and applies retention. */
    Taken run(Optional<String> label, SnapshotRequest request) {
        SnapshotReport report = manager.create(label.map(request::label).orElse(request));
        SnapshotId id = report.metadata().id();
        telemetry.backedUp(clock.instant());
        BackupManifest manifest = manifest(id);
        bus.publish(
                EventBus.BACKUP_COMPLETED,
                id.value(),
                Map.of("manifest", manifestFile(id).toString()));
        return new Taken(report, manifest, manager.prune());
    }

    /** Reads a backup back; tells the bus and, of a good one, exports the evidence. */
    VerifyAnswer verify(SnapshotId id) {
        VerificationReport report = manager.verify(id);
        if (!report.passed()) {
            failed(report);
            return VerifyAnswer.failed(report);
        }
        bus.publish(EventBus.VERIFY_COMPLETED, id.value(), Map.of("bytes", Long.toString(report.bytes())));
        VerifyAnswer answer = VerifyAnswer.passed(report, manifest(id));
        return answer.evidence(
                evidence.export("verify", id.value(), manifestFile(id), answer, telemetry.all(), clock.instant()));
    }

    /**
     * What a restore would do. Touches nothing.
     *
     * @throws RestoreRefusedException if the manifest names another source than the configuration
     */
    RestorePlan plan(SnapshotId id, RestoreRequest request) {
        manager.get(id);
        requireSources(id);
        return manager.plan(request);
    }

    private void requireSources(SnapshotId id) {
        for (BackupManifest.Entry entry : manifest(id).datasets()) {
            config.datasets().stream()
                    .filter(source -> source.name().equals(entry.name()))
                    .filter(source -> !place(source).equals(entry.source()))
                    .findFirst()
                    .ifPresent(source -> {
                        throw new RestoreRefusedException(
                                id,
                                "The manifest of '" + id + "' says that '" + entry.name() + "' lay at " + entry.source()
                                        + ", and the configuration says " + place(source),
                                "Correct magds.backup.datasets if that is where it belongs, or choose another backup",
                                null);
                    });
        }
    }

    private static String place(Source source) {
        return Path.of(source.dataset().location().orElseThrow().place()).toString();
    }

    /** @throws RestoreRefusedException if a byte of the backup is not as its manifest says */
    private void requireSound(SnapshotId id) {
        VerificationReport read = manager.verify(id);
        if (!read.passed()) {
            failed(read);
            throw new RestoreRefusedException(
                    id,
                    "Backup '" + id + "' is damaged: " + String.join("; ", read.problems()),
                    "Nothing was touched; choose another backup, and look after the disk under " + config.path(),
                    null);
        }
    }

    private void failed(VerificationReport read) {
        bus.publish(
                EventBus.VERIFY_FAILED, read.snapshot().value(), Map.of("problem", String.join("; ", read.problems())));
    }

    /**
     * Checks every hash of the backup, carries the plan out, hashes what is live then, and exports the evidence.
     *
     * @throws RestoreRefusedException if the backup is damaged; nothing was touched
     */
    RestoreAnswer restore(RestorePlan plan) {
        requireSound(plan.snapshot().id());
        RestoreReport report = manager.restore(plan);
        SnapshotId id = report.snapshot().id();
        telemetry.restored(clock.instant());
        BackupManifest manifest = manifest(id);
        List<String> differences = new ArrayList<>();
        for (BackupManifest.Entry entry : manifest.datasets()) {
            config.datasets().stream()
                    .filter(source -> source.name().equals(entry.name()))
                    .forEach(source -> differences.addAll(LiveHash.differences(source, entry)));
        }
        bus.publish(
                EventBus.RESTORE_COMPLETED,
                id.value(),
                Map.of("restore", report.restoreId(), "differences", Integer.toString(differences.size())));
        RestoreAnswer answer = RestoreAnswer.done(report, lines(plan), differences);
        return differences.isEmpty()
                ? answer.evidence(evidence.export(
                        "restore", id.value(), manifestFile(id), answer, telemetry.all(), clock.instant()))
                : answer;
    }

    /** One line for each dataset. */
    List<RestoreAnswer.Line> lines(RestorePlan plan) {
        BackupManifest manifest = manifest(plan.snapshot().id());
        return plan.datasets().stream()
                .map(dataset -> RestoreAnswer.Line.of(dataset, manifest))
                .toList();
    }

    BackupManifest manifest(SnapshotId id) {
        return BackupManifest.read(
                config.path(),
                id.value(),
                manager.lastVerified(id).map(Instant::toString).orElse(null));
    }

    Path manifestFile(SnapshotId id) {
        return BackupManifest.file(config.path(), id.value());
    }

    @Override
    public void close() {
        manager.close();
        audit.ifPresent(AuditLog::close);
    }
}
