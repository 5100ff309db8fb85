package dev.cairn.backup.examples.agtmux.operate;

import dev.cairn.backup.Actor;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreVerdict;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.cursor.MonitorVerdict;
import dev.cairn.backup.cursor.RewindOutcome;
import dev.cairn.backup.cursor.SourceCursor;
import dev.cairn.backup.examples.agtmux.AgtmuxHost;
import dev.cairn.backup.examples.agtmux.daemon.Daemon;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.http.Call;
import dev.cairn.backup.examples.http.JsonServer;
import dev.cairn.backup.lifecycle.SourceSignal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What an operator can ask and do, over HTTP on loopback. Answers also while the daemon is down. */
public final class OperatorApi {

    private final AgtmuxHost host;
    private final RestoreProcedure restores;

    /** @param host what is operated */
    public OperatorApi(AgtmuxHost host) {
        this.host = host;
        this.restores = new RestoreProcedure(host);
    }

    /** Adds the operations to a server. */
    public JsonServer on(JsonServer server) {
        return server.route("GET", "/status", call -> Answer.ok(status()))
                .route(
                        "POST",
                        "/snapshot",
                        call -> Answer.ok(
                                form(daemon().operations().create(actor(call)).metadata())))
                .route("GET", "/list", call -> Answer.ok(list(call)))
                .route(
                        "GET",
                        "/show",
                        call -> Answer.ok(form(daemon().operations().show(actor(call), id(call)))))
                .route(
                        "POST",
                        "/prune",
                        call -> Answer.ok(
                                Map.of("removed", daemon().operations().prune(actor(call)))))
                .route("GET", "/check", this::check)
                .route("GET", "/candidates", call -> Answer.ok(candidates()))
                .route("POST", "/restore", this::restore)
                .route("GET", "/verification", call -> Answer.ok(verification()))
                .route("POST", "/revoke", call -> signal(call, SourceSignal.REVOKED))
                .route("POST", "/register", call -> signal(call, SourceSignal.REGISTERED))
                .route("POST", "/rewind", this::rewind)
                .route("POST", "/hold", this::hold)
                .route("GET", "/cursors", call -> Answer.ok(cursors()))
                .route("GET", "/alerts", call -> Answer.ok(alerts(call)))
                .route("GET", "/incidents", call -> Answer.ok(incidents()))
                .route(
                        "GET",
                        "/catalogue",
                        call -> Answer.ok(daemon().projection().catalogue().ids()));
    }

    private Daemon daemon() {
        return host.requireDaemon();
    }

    private static Actor actor(Call call) {
        return Daemon.operator(call.parameter("operator").orElse("console"))
                .at(call.from().getHostAddress());
    }

    private static String id(Call call) {
        return call.parameter("id").orElse("");
    }

    private Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("state", host.supervisor().state().name());
        status.put("unready", host.supervisor().gate().unready());
        status.put("started", host.supervisor().started());
        host.supervisor().problem().ifPresent(problem -> status.put("problem", problem));
        status.put("holdDownLeftSeconds", host.supervisor().holdDownLeft().toSeconds());
        status.put("ui", host.uiPort());
        host.daemon().ifPresent(daemon -> {
            status.put("version", daemon.projection().version());
            status.put("sessions", daemon.projection().sessions());
            status.put("panes", daemon.projection().panes());
            status.put("unstored", daemon.projection().unstored());
            status.put("inFlight", host.gateway().inFlight());
            status.put("halted", host.gateway().halted());
            status.put("epoch", daemon.manager().epoch().number());
            Map<String, String> sources = new TreeMap<>();
            daemon.projection()
                    .health()
                    .forEach(health ->
                            sources.put(health.source(), health.state().name()));
            status.put("sources", sources);
            BackupHealth health = daemon.manager().health();
            status.put("health", health.status().name());
            status.put("problems", health.problems());
            status.put("warnings", health.warnings());
        });
        return status;
    }

    /** A snapshot with all that is known of it. */
    private static Map<String, Object> form(SnapshotMetadata snapshot) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("id", snapshot.id().value());
        form.put("createdAt", snapshot.createdAt().toEpochMilli());
        form.put("version", snapshot.projectionVersion().orElse(-1));
        form.put("sessions", snapshot.counts().getOrDefault("sessions", 0L));
        form.put("panes", snapshot.counts().getOrDefault("panes", 0L));
        form.put("trigger", snapshot.trigger().name());
        form.put("sizeBytes", snapshot.sizeBytes());
        return form;
    }

    private List<Map<String, Object>> list(Call call) {
        Set<SnapshotId> resyncOnly = Set.copyOf(
                daemon().manager().releaseFloor(host.settings().horizon()).fullResyncOnly());
        List<Map<String, Object>> all = new ArrayList<>();
        for (SnapshotMetadata snapshot : daemon().operations().list(actor(call))) {
            Map<String, Object> form = form(snapshot);
            form.put("restorableBy", resyncOnly.contains(snapshot.id()) ? "full resync" : "replay");
            all.add(form);
        }
        return all;
    }

    private Answer check(Call call) {
        RestorePlan plan = daemon().operations().plan(actor(call), id(call), request -> request);
        Map<String, Object> form = form(plan.snapshot());
        form.put("verdict", form(plan.verdict()));
        form.put("permitted", plan.permitsRestore());
        form.put("warnings", plan.warnings());
        return Answer.ok(form);
    }

    private static Map<String, Object> form(RestoreVerdict verdict) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put("kind", verdict.getClass().getSimpleName());
        if (verdict instanceof RestoreVerdict.Ok ok) {
            form.put("ageMillis", ok.age().toMillis());
        } else if (verdict instanceof RestoreVerdict.TooOld old) {
            form.put("ageMillis", old.age().toMillis());
            form.put("maxAgeMillis", old.maxAge().toMillis());
        } else if (verdict instanceof RestoreVerdict.VersionAhead ahead) {
            form.put("snapshotVersion", ahead.snapshotVersion());
            form.put("currentVersion", ahead.currentVersion());
        }
        return form;
    }

    private Map<String, Object> candidates() {
        Candidates candidates = Candidates.of(daemon().manager(), host.time().now(), host.alerts());
        Map<String, Object> form = new LinkedHashMap<>();
        form.put(
                "judged",
                candidates.judged().stream()
                        .map(one -> Map.of("id", one.snapshot().value(), "verdict", form(one.verdict())))
                        .toList());
        form.put("chosen", candidates.chosen().map(SnapshotId::value).orElse(""));
        return form;
    }

    private Answer restore(Call call) {
        RestoreProcedure.Done done =
                restores.restore(id(call), call.parameter("operator").orElse("console"), call.parameter("reason"));
        Map<String, Object> form = form(done.report().snapshot());
        form.put("verdict", form(done.report().verdict()));
        form.put(
                "safetySnapshot",
                done.report().safetySnapshot().map(SnapshotId::value).orElse(""));
        form.put(
                "shutdownSnapshot",
                done.shutdownSnapshot().map(SnapshotId::value).orElse(""));
        form.put("stopped", done.stopped());
        form.put("started", done.started());
        form.put("versionAtCut", done.versionAtCut());
        form.put("sessionsAtCut", done.sessionsAtCut());
        form.put("panesAtCut", done.panesAtCut());
        form.put("epoch", done.report().epoch().number());
        form.put("millis", done.report().elapsed().toMillis());
        return Answer.ok(form);
    }

    private Map<String, Object> verification() {
        Map<String, Object> form = new LinkedHashMap<>();
        MonitorVerdict verdict = host.watch().verdict().orElse(null);
        form.put("verdict", verdict == null ? "NotRestored" : verdict.getClass().getSimpleName());
        if (verdict != null) {
            form.put("severity", verdict.severity().name());
        }
        if (verdict instanceof MonitorVerdict.Watching watching) {
            form.put("until", watching.until().toEpochMilli());
            form.put("reasons", watching.reasons().toString());
        } else if (verdict instanceof MonitorVerdict.Failed failed) {
            form.put("reasons", failed.reasons().toString());
        }
        return form;
    }

    private Answer signal(Call call, SourceSignal signal) {
        String source = call.parameter("source").orElse("");
        host.gateway().revive(source);
        host.watch().changed(daemon().projection().signal(source, signal));
        return Answer.ok(
                Map.of("state", daemon().projection().health(source).state().name()));
    }

    private Answer rewind(Call call) throws IOException {
        long to = position(call.parameter("to").orElse(""));
        RewindOutcome outcome = host.gateway().rewind(call.parameter("source").orElse(""), to);
        return Answer.ok(Map.of("outcome", outcome.getClass().getSimpleName(), "text", outcome.toString()));
    }

    /** One that is missing must not be taken for the beginning: going back that far reads the source anew. */
    private static long position(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidValueException("to", text, "a position up to fetched, which /cursors tells");
        }
    }

    private Answer hold(Call call) {
        daemon().hold(call.parameter("on").orElse("true").equals("true"));
        return Answer.ok(Map.of("done", true));
    }

    private Map<String, Object> cursors() {
        Map<String, Object> form = new TreeMap<>();
        Map<String, SourceCursor> cursors = daemon().projection().cursors();
        cursors.forEach((source, cursor) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("incarnation", cursor.incarnation());
            one.put("base", cursor.base());
            one.put("committed", cursor.committed());
            one.put("fetched", cursor.fetched());
            one.put("acknowledged", daemon().projection().acknowledged(source, cursor.incarnation()));
            form.put(source, one);
        });
        return form;
    }

    private List<Map<String, Object>> alerts(Call call) {
        return Alerts.form(
                switch (call.parameter("of").orElse("log")) {
                    case "pager" -> host.alerts().pager();
                    case "monitor" -> host.alerts().monitor();
                    default -> host.alerts().log();
                });
    }

    private List<Map<String, Object>> incidents() {
        return daemon().audit().openIncidents().stream()
                .map(incident -> Map.<String, Object>of(
                        "id", incident.id(),
                        "code", incident.report().kind().code(),
                        "text", incident.report().description()))
                .toList();
    }
}
