package dev.cairn.backup.examples.halo;

import dev.cairn.backup.Actor;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.OperationError;
import dev.cairn.backup.OperationRefusedException;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import dev.cairn.backup.SnapshotRequest;
import dev.cairn.backup.VerificationReport;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The admin routes for backups. Who may, in which order that is asked, and what is written down is Cairn's business; parameters and answers are HALO's. */
final class BackupRoutes {

    private final HaloHome home;
    private final SnapshotManager manager;
    private final BackupOperations operations;
    private final BackupNames names;

    BackupRoutes(HaloHome home, SnapshotManager manager, BackupOperations operations, BackupNames names) {
        this.home = home;
        this.manager = manager;
        this.operations = operations;
        this.names = names;
    }

    /** Who calls: the member is what the caller says, the address what the socket says. */
    static Actor caller(Call call) {
        return Actor.of("admin-api")
                .member(call.query().get("memberId"))
                .at(call.from().getHostAddress());
    }

    /** {@code POST /operations/backup/create?memberId=&backupId=&includePaths=&now=}. */
    Answer create(Call call) {
        return answered(() -> {
            String wanted = call.query().getOrDefault("includePaths", "");
            SnapshotReport report = operations.create(caller(call), createId(call), request -> {
                requireTime(call);
                return selecting(request, PathList.of("includePaths", wanted));
            });
            SnapshotMetadata made = report.metadata();
            Map<String, Object> answer = place(made.id());
            List<String> included = included(made);
            answer.put("backupDir", home.backups().resolve(made.id().value()).toString());
            answer.put("includedPaths", included);
            answer.put("absentPaths", asked(PathList.of("includePaths", wanted)).missing(included));
            answer.put(
                    "fileCount",
                    Json.read(read(manifest(made.id()))).path("fileCount").asLong());
            answer.put("totalBytes", made.sizeBytes());
            return Answer.ok(answer);
        });
    }

    /** The caller's id, or the name for the time that it gave or for now; its failure is told with it. */
    private String createId(Call call) {
        return call.parameter("backupId")
                .orElseGet(() -> call.parameter("now")
                        .flatMap(BackupRoutes::time)
                        .map(BackupNames::of)
                        .orElseGet(names::next)
                        .value());
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void requireTime(Call call) {
        call.parameter("now").filter(text -> time(text).isEmpty()).ifPresent(text -> {
            throw OperationRefusedException.invalid("now", text, "an ISO 8601 time such as 2026-02-18T09:00:00Z");
        });
    }

    private static PathList asked(PathList paths) {
        return paths.names().isEmpty() ? new PathList(paths.parameter(), HaloHome.PATHS) : paths;
    }

    private SnapshotRequest selecting(SnapshotRequest request, PathList paths) {
        paths.names().stream()
                .filter(name -> !HaloHome.PATHS.contains(name) && Files.exists(home.path(name)))
                .findFirst()
                .ifPresent(name -> {
                    throw new InvalidValueException(paths.parameter(), name, "among " + HaloHome.PATHS);
                });
        List<String> chosen = paths.among(HaloHome.PATHS);
        chosen.forEach(path -> PortableNames.requireIn(home.path(path)));
        return request.datasets(PathList.selection(chosen));
    }

    private static List<String> included(SnapshotMetadata snapshot) {
        return snapshot.datasets().stream()
                .filter(DatasetSummary::present)
                .map(DatasetSummary::name)
                .toList();
    }

    /** {@code POST /operations/backup/restore?memberId=&backupId=&restorePaths=&overlay=}. */
    Answer restore(Call call) {
        return answered(() -> {
            String wanted = call.query().getOrDefault("restorePaths", "");
            RestoreReport report = operations.restore(
                    caller(call),
                    call.query().getOrDefault("backupId", ""),
                    request -> selecting(request, call, PathList.of("restorePaths", wanted)));
            Map<String, Object> answer = place(report.snapshot().id());
            answer.put("restoredPaths", report.datasets());
            answer.put("absentPaths", PathList.of("restorePaths", wanted).missing(report.datasets()));
            answer.put(
                    "safetyBackupId",
                    report.safetySnapshot().map(SnapshotId::value).orElse(""));
            answer.put("warnings", report.warnings());
            return Answer.ok(answer);
        });
    }

    private RestoreRequest selecting(RestoreRequest request, Call call, PathList paths) {
        List<String> included = included(manager.get(request.target()));
        PortableNames.requireIn(request.target(), Json.read(read(manifest(request.target()))));
        requireValidated(request.target());
        RestoreRequest chosen = request.datasets(PathList.selection(paths.among(included)));
        return call.parameter("overlay").filter("true"::equals).isPresent() ? chosen.overlay() : chosen;
    }

    /** What was never read back is read back before anything rests on it. */
    private void requireValidated(SnapshotId id) {
        if (manager.lastVerified(id).isEmpty()) {
            VerificationReport read = manager.verify(id);
            if (!read.passed()) {
                throw new UnvalidatedBackupException(read);
            }
        }
    }

    /** {@code POST /operations/backup/verify?memberId=&backupId=}. */
    Answer verify(Call call) {
        return answered(() -> {
            VerificationReport report =
                    operations.verify(caller(call), call.query().getOrDefault("backupId", ""));
            if (!report.passed()) {
                throw new UnvalidatedBackupException(report);
            }
            Map<String, Object> answer = place(report.snapshot());
            answer.put("verifiedAt", report.verifiedAt().toString());
            return Answer.ok(answer);
        });
    }

    /** {@code GET /operations/backup/list?memberId=}: what can be restored, and what lies there and never will be. */
    Answer list(Call call) {
        return answered(() -> {
            List<Map<String, Object>> backups = operations.list(caller(call)).stream()
                    .map(backup -> {
                        Map<String, Object> line = place(backup.id());
                        line.put("createdAt", backup.createdAt().toString());
                        line.put("includedPaths", included(backup));
                        line.put(
                                "safetyFor",
                                backup.safetyFor().map(SnapshotId::value).orElse(""));
                        line.put(
                                "verifiedAt",
                                manager.lastVerified(backup.id())
                                        .map(Instant::toString)
                                        .orElse(""));
                        return line;
                    })
                    .toList();
            Map<String, String> invalid = new LinkedHashMap<>();
            manager.listInvalid().forEach(each -> invalid.put(each.id().value(), each.reason()));
            return Answer.ok(Map.of("backups", backups, "invalid", invalid));
        });
    }

    /** {@code GET /operations/backup/trash?memberId=}: what restores have put aside. */
    Answer trash(Call call) {
        return answered(() -> Answer.ok(Map.of(
                "trash",
                operations.trash(caller(call)).stream()
                        .map(item -> Map.of("path", item.dataset(), "place", item.place(), "bytes", item.bytes()))
                        .toList())));
    }

    private Map<String, Object> place(SnapshotId id) {
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("backupId", id.value());
        place.put("manifestPath", manifest(id).toString());
        return place;
    }

    private Path manifest(SnapshotId id) {
        return home.backups().resolve(id.value()).resolve("manifest.json");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** Every failure is one and the same to a caller of these routes; what it was, its message and the trails say. */
    private static Answer answered(Supplier<Answer> work) {
        try {
            return work.get();
        } catch (BackupException e) {
            OperationError error = OperationError.uniform(e);
            return new Answer(error.status(), error.json());
        } catch (RuntimeException e) {
            return Answer.of(500, Map.of("error", OperationError.FAILED, "message", e.toString()));
        }
    }
}
