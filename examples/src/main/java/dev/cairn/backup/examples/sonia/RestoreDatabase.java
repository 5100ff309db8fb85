package dev.cairn.backup.examples.sonia;

import dev.cairn.backup.Actor;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.sonia.memory.MemoryBackups;
import dev.cairn.backup.examples.sonia.memory.NewestBackup;
import dev.cairn.backup.fs.KeyFile;
import dev.cairn.backup.spi.KeyProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * Restores {@code memory.db} while the services are down: steps 2 to 5 of the runbook in one command.
 *
 * <p>{@code RestoreDatabase <folder> [--backup id | --at time | --last yes] [--backups path] [--share path --from share] [--code file] [--operator name --reason text] [--ahead duration]}: a backup, by
 * default the newest; the state at a time; or the last transaction that was stored. {@code --from share} takes the copy, {@code --code} a file with the printed recovery code instead of the key file. A
 * backup that is older than a day needs an operator and a reason. Exit code 0 if it was restored, 1 if not, 2 for a command line that cannot be.
 */
public final class RestoreDatabase {

    private static final Set<String> OPTIONS =
            Set.of("backup", "at", "last", "backups", "share", "from", "code", "operator", "reason", "ahead");

    private RestoreDatabase() {}

    /** @param args see the class */
    public static void main(String[] args) throws IOException {
        Options options = Options.orExit("RestoreDatabase", OPTIONS, args);
        System.exit(restore(SoniaPlace.of(options), options));
    }

    private static int restore(SoniaPlace place, Options options) throws IOException {
        MemoryBackups backups = new MemoryBackups(place, options.clock());
        try (AuditLog audit = backups.audit()) {
            backups.recover(audit);
            try (PackedRepository repository = repository(place, options);
                    SnapshotManager manager = backups.configured(repository)
                            .audit(audit, Actor.of("RestoreDatabase"))
                            .openWhileHostIsDown()) {
                RestorePlan plan = manager.plan(approved(request(manager, repository, options), options));
                plan.datasets().forEach(dataset -> dataset.warnings().forEach(System.out::println));
                RestoreReport report = manager.restore(plan);
                report.warnings().forEach(System.out::println);
                System.out.println("RESTORED " + report.snapshot().id() + " in "
                        + report.elapsed().toMillis() + " ms");
                return 0;
            }
        } catch (BackupException | NoSuchElementException e) {
            System.err.println("RestoreDatabase: " + e.getMessage());
            return 1;
        }
    }

    private static PackedRepository repository(SoniaPlace place, Options options) throws IOException {
        Optional<String> code = options.value("code");
        KeyProvider key = code.isPresent()
                ? RecoveryCode.parse(Files.readString(Path.of(code.get())).strip())
                        .asKey()
                : KeyFile.at(place.key());
        return switch (options.value("from").orElse("backups")) {
            case "share" -> place.copyOnShare(key);
            case "backups" -> PackedRepository.at(place.repositoryStore(), key);
            default ->
                throw new InvalidValueException(
                        "--from", options.value("from").orElse(""), "share, or backups, which it is without");
        };
    }

    private static RestoreRequest request(SnapshotManager manager, PackedRepository repository, Options options) {
        if (options.value("last").isPresent()) {
            return RestoreRequest.of(
                    manager.restorePoint(MemoryBackups.DATABASE, options.clock().instant()));
        }
        Optional<Instant> at = options.at();
        if (at.isPresent()) {
            return RestoreRequest.of(manager.restorePoint(MemoryBackups.DATABASE, at.get()));
        }
        return RestoreRequest.of(options.value("backup")
                .map(SnapshotId::of)
                .or(() -> NewestBackup.of(manager, repository))
                .orElseThrow(
                        () -> new NoSuchElementException("there is no good backup of the database in the repository")));
    }

    private static RestoreRequest approved(RestoreRequest request, Options options) {
        return options.value("operator")
                .map(operator ->
                        request.approvedBy(operator, options.value("reason").orElse("")))
                .orElse(request);
    }
}
