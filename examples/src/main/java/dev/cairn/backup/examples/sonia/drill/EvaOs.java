package dev.cairn.backup.examples.sonia.drill;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.DatasetSelection;
import dev.cairn.backup.DrillReport;
import dev.cairn.backup.DrillRequest;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.examples.sonia.Lifetime;
import dev.cairn.backup.examples.sonia.Options;
import dev.cairn.backup.examples.sonia.SoniaPlace;
import dev.cairn.backup.examples.sonia.memory.MemoryBackups;
import dev.cairn.backup.examples.sonia.memory.NewestBackup;
import dev.cairn.backup.fs.FileAuditLog;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * The drill service as a process: {@code EvaOs <folder> [--port n] [--backups path] [--share path] [--ahead duration]}; with {@code --once yes} it drills once, prints the answer and ends with exit code 0 if
 * the drill passed, 1 if it did not. It needs neither the memory service nor the live database.
 */
public final class EvaOs {

    private static final String SERVICE = "eva-os";

    private final SoniaPlace place;
    private final PackedRepository repository;
    private final SnapshotManager manager;

    private EvaOs(SoniaPlace place, PackedRepository repository, SnapshotManager manager) {
        this.place = place;
        this.repository = repository;
        this.manager = manager;
    }

    /** @param args see the class */
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options = Options.orExit("EvaOs", Set.of("port", "backups", "share", "ahead", "once"), args);
        System.exit(run(SoniaPlace.of(options), options));
    }

    private static int run(SoniaPlace place, Options options) throws IOException, InterruptedException {
        PackedRepository repository = place.repository();
        try (AuditLog audit = FileAuditLog.at(place.audit(SERVICE), place.state(SERVICE))
                        .open();
                SnapshotManager manager = Cairn.builder()
                        .repository(repository)
                        .state(place.state(SERVICE))
                        .scratch(place.scratch(SERVICE))
                        .dataset(new MemoryBackups(place, options.clock()).database())
                        .clock(options.clock())
                        .audit(audit)
                        .openWhileHostIsDown()) {
            EvaOs eva = new EvaOs(place, repository, manager);
            if (options.value("once").isPresent()) {
                DrillReport report = eva.drill(false);
                System.out.println(new DrillAnswer(report).json().toPrettyString());
                return report.passed() ? 0 : 1;
            }
            try (JsonServer server = JsonServer.start(options.port())) {
                server.route("GET", "/healthz", call -> Answer.ok(Map.of("status", "ok")))
                        .route(
                                "POST",
                                "/v1/drills/restore",
                                call -> Answer.ok(new DrillAnswer(eva.drill(
                                                call.json().path("control").asBoolean()))
                                        .json()));
                Lifetime.of(server);
                return 0;
            }
        }
    }

    /** @param control whether a copy with one bit turned over must be found out, too */
    private DrillReport drill(boolean control) {
        DrillRequest newest =
                NewestBackup.of(manager, repository).map(DrillRequest::of).orElseGet(DrillRequest::latest);
        DrillRequest request =
                RestoreDrill.asked(newest, place).datasets(DatasetSelection.only(MemoryBackups.DATABASE));
        return manager.drill(control ? request.withControl() : request);
    }
}
