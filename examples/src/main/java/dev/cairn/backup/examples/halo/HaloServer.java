package dev.cairn.backup.examples.halo;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.Incident;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.core.BackupOperations;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.JsonServer;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** HALO's control plane: ends what a crash left of a restore, opens its backups, and serves. */
final class HaloServer implements AutoCloseable {

    private final HaloHome home;
    private final HouseLock lock = new HouseLock();
    private final AuditLog audit;
    private final SnapshotManager manager;
    private final Lanes lanes;
    private final Map<String, JsonServer.Handler> routes = new LinkedHashMap<>();
    private final boolean recovered;

    private HaloServer(HaloHome home, InstantSource clock, UnaryOperator<CairnBuilder> changed) {
        this.home = home;
        HaloBackups backups = new HaloBackups(home, lock, clock);
        this.audit = backups.openAudit();
        this.recovered = backups.recover(audit);
        BackupNames names = new BackupNames(clock);
        this.lanes = new Lanes(home, lock, clock);
        this.manager = changed.apply(checked(backups.configured(audit, names))).open();
        BackupOperations operations =
                BackupOperations.of(manager, Household.policy(home, lock)).requireMember();
        route(new BackupRoutes(home, manager, operations, names));
        route(new LaneRoutes(lanes, operations));
        Conversations conversations = new Conversations(home, lock, clock);
        routes.put("POST /messages", conversations::say);
        routes.put("GET /messages/policy", conversations::policy);
        routes.put("GET /status", call -> status());
    }

    /** Opens it, without serving yet. */
    static HaloServer open(HaloHome home) {
        return open(home, builder -> builder);
    }

    /** The same with another configuration of its backups. */
    static HaloServer open(HaloHome home, UnaryOperator<CairnBuilder> changed) {
        return new HaloServer(home, InstantSource.system(), changed);
    }

    private void route(BackupRoutes backup) {
        routes.put("POST /operations/backup/create", backup::create);
        routes.put("POST /operations/backup/restore", backup::restore);
        routes.put("POST /operations/backup/verify", backup::verify);
        routes.put("GET /operations/backup/list", backup::list);
        routes.put("GET /operations/backup/trash", backup::trash);
    }

    private void route(LaneRoutes lane) {
        routes.put("POST /memory/lane", lane::remember);
        routes.put("GET /memory/export", lane::export);
        routes.put("POST /operations/lane/discard", lane::discard);
        routes.put("POST /operations/lane/undo", lane::undo);
    }

    /** Each question of the checklist has to be answered with yes before a restore counts. */
    private CairnBuilder checked(CairnBuilder builder) {
        Checklist checklist = new Checklist(this::ask);
        Set<String> before = new TreeSet<>();
        builder.onRestored(snapshot -> {
            before.clear();
            before.addAll(openIncidents());
        });
        Checklist.QUESTIONS.forEach(
                question -> builder.restoreCheck(question, snapshot -> checklist.holds(question, before)));
        return builder;
    }

    /** Whether a restore that a crash cut short was ended at this start. */
    boolean recovered() {
        return recovered;
    }

    /** Serves on loopback. @param port where, 0 for a free one */
    JsonServer serve(int port) throws IOException {
        JsonServer server = JsonServer.start(port);
        routes.forEach((route, handler) -> server.route(route.split(" ", 2)[0], route.split(" ", 2)[1], handler));
        return server;
    }

    /** Asks from within, as a caller at this machine. */
    Answer ask(String method, String path, Map<String, String> query, String body) throws IOException {
        return answer(new Call(method, path, query, InetAddress.getLoopbackAddress(), body));
    }

    /** Answers a call, wherever it comes from. */
    Answer answer(Call call) throws IOException {
        JsonServer.Handler handler = routes.get(call.method() + " " + call.path());
        if (handler == null) {
            return Answer.of(404, Map.of("error", "not_found"));
        }
        try {
            return handler.answer(call);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private Answer status() {
        Map<String, Object> status = new LinkedHashMap<>();
        Household household = lock.working(() -> Household.read(home.household()));
        status.put("status", "healthy");
        status.put("backups", manager.health().status().name());
        status.put("openIncidents", openIncidents());
        household.any(true).ifPresent(parent -> status.put("parent", parent));
        household.any(false).ifPresent(child -> status.put("child", child));
        household.anyManager().ifPresent(operator -> status.put("manager", operator));
        status.put("lanes", lanes.names());
        status.put("recoveredAtStart", recovered);
        return Answer.ok(status);
    }

    private Set<String> openIncidents() {
        Set<String> open = new TreeSet<>();
        audit.openIncidents().stream().map(Incident::id).forEach(open::add);
        return open;
    }

    @Override
    public void close() {
        manager.close();
        audit.close();
    }
}
