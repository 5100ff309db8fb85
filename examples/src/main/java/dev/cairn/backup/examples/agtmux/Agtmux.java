package dev.cairn.backup.examples.agtmux;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.agtmux.AgtmuxProcesses.Host;
import dev.cairn.backup.examples.agtmux.daemon.AgtmuxBackups;
import dev.cairn.backup.examples.show.Report;
import dev.cairn.backup.examples.show.Show;
import dev.cairn.backup.examples.show.WorkFolder;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The runbook of agtmux, played by its operator: snapshots, the restore with its checks and its watch, what goes wrong with cursors and sources, a crash, and two hours in virtual time.
 *
 * <p>Exit code 0 if all comparisons held, 1 if any did not, 2 for a command line that cannot be.
 */
public final class Agtmux {

    private static final String CLAUDE = "claude";
    private static final String CODEX = "codex";

    private final AgtmuxProcesses machine;
    private final Report report;
    private Host host;

    private Agtmux(AgtmuxProcesses machine, Report report) throws IOException {
        this.machine = machine;
        this.report = report;
        this.host = start();
    }

    /** @param args an empty or new folder to work in, and {@code --keep} to keep a temporary one */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        System.exit(Show.run("Agtmux", Agtmux::play, args));
    }

    private static void play(WorkFolder work, Report report) throws IOException, InterruptedException {
        report.title("Sources in one process, the host in another");
        new AgtmuxBackups(HostSettings.standard(
                        work.path().resolve("data"), work.path().resolve("vault"), HostTime.real()))
                .settleRecovery();
        try (AgtmuxProcesses machine = new AgtmuxProcesses(work.path(), CLAUDE, CODEX)) {
            Agtmux agtmux = new Agtmux(machine, report);
            agtmux.snapshots();
            agtmux.restore();
            agtmux.cursors();
            agtmux.sources();
            agtmux.crash();
        }
        twoHours(work, report);
    }

    private Host start() throws IOException {
        return machine.host("data", CLAUDE + "," + CODEX, "watch=PT2S/PT2S/PT45S");
    }

    private void emit(String source, int count) throws IOException, InterruptedException {
        machine.source("/emit?source=" + source + "&count=" + count);
        settle();
    }

    /** Waits until the state is what the sources say. */
    private void settle() throws IOException, InterruptedException {
        AgtmuxProcesses.await(
                "the state is what the sources say", () -> machine.isTrue(host, CLAUDE) && machine.isTrue(host, CODEX));
    }

    private void snapshots() throws IOException, InterruptedException {
        AgtmuxProcesses.await(
                "the first periodic snapshot", () -> host.ask("/list").size() > 0);
        report.check(
                "the first periodic snapshot is taken at once",
                host.ask("/list").get(0).path("trigger").asText().equals("PERIODIC"));
        report.check(
                "at the start it is warned that part of the time nothing can be restored",
                host.ask("/status").path("warnings").toString().contains("part of the time nothing can be restored"));

        report.title("Manual snapshots, list, prune");
        for (int i = 0; i < 4; i++) {
            emit(CLAUDE, 200);
            emit(CODEX, 100);
            host.order("/snapshot?operator=ada");
        }
        JsonNode five = host.ask("/list");
        five.forEach(this::line);
        report.check("taking a snapshot prunes nothing: there are 5", five.size() == 5);
        int removed = host.order("/prune").path("removed").asInt();
        JsonNode three = host.ask("/list");
        report.check("prune removes " + removed + " and keeps the newest 3", removed == 2 && three.size() == 3);
        report.check(
                "these are the third to the fifth",
                three.get(0).path("id").equals(five.get(2).path("id"))
                        && three.get(2).path("id").equals(five.get(4).path("id")));
    }

    private void line(JsonNode snapshot) {
        report.say(
                snapshot.path("id").asText() + "  " + snapshot.path("trigger").asText() + ", version "
                        + snapshot.path("version").asText() + ", sessions "
                        + snapshot.path("sessions").asText() + ", panes "
                        + snapshot.path("panes").asText() + ", "
                        + snapshot.path("sizeBytes").asText() + " bytes, created "
                        + snapshot.path("createdAt").asText());
    }

    private void restore() throws IOException, InterruptedException {
        report.title("Restore: checks, stop, restore, start, replay, verification");
        String target = host.ask("/list").get(1).path("id").asText();
        JsonNode check = host.ask("/check?id=" + target);
        line(check);
        report.say("verdict  " + check.path("verdict"));
        report.check("the dry run permits it", check.path("permitted").asBoolean());
        emit(CLAUDE, 250);
        long before = host.ask("/status").path("version").asLong();
        JsonNode done = host.order("/restore?operator=ada&id=" + target);
        report.say("stopped " + done.path("stopped") + ", started " + done.path("started") + ", in "
                + done.path("millis").asText() + " ms");
        report.check(
                "it stopped UI, daemon, gateway and sources, and started them in reverse",
                done.path("stopped").toString().equals("[\"UI\",\"Daemon\",\"Gateway\",\"Sources\"]")
                        && done.path("started").toString().equals("[\"Sources\",\"Gateway\",\"Daemon\",\"UI\"]"));
        report.check(
                "the clean stop took " + done.path("shutdownSnapshot").asText() + ", the restore "
                        + done.path("safetySnapshot").asText() + " for safety",
                !done.path("shutdownSnapshot").asText().isEmpty()
                        && !done.path("safetySnapshot").asText().isEmpty());
        report.check(
                "at the cut version, sessions and panes are the snapshot's",
                done.path("versionAtCut").equals(check.path("version"))
                        && done.path("sessionsAtCut").equals(check.path("sessions"))
                        && done.path("panesAtCut").equals(check.path("panes")));
        settle();
        long after = host.ask("/status").path("version").asLong();
        report.check("replayed to version " + after + ", no event missing or doubled", after == before);
        AgtmuxProcesses.await(
                "the watch ends",
                () -> !host.ask("/verification").path("verdict").asText().equals("Watching"));
        report.check(
                "after the watch: " + host.ask("/verification"),
                host.ask("/verification").path("verdict").asText().equals("Passed"));
    }

    private void cursors() throws IOException, InterruptedException {
        report.title("Cursors: repeated events, a rewind, an invalid cursor, three in a row");
        machine.source("/repeat?source=" + CLAUDE + "&count=50");
        emit(CLAUDE, 10);
        report.check("50 events that came twice are applied once", machine.isTrue(host, CLAUDE));
        long committed = host.ask("/cursors").path(CLAUDE).path("committed").asLong();
        report.say("rewind by 100: "
                + host.order("/rewind?source=" + CLAUDE + "&to=" + (committed - 100))
                        .path("text")
                        .asText());
        AgtmuxProcesses.await(
                "it is read again",
                () -> host.ask("/cursors").path(CLAUDE).path("committed").asLong() == committed);
        report.check("100 events read again are applied once", machine.isTrue(host, CLAUDE));
        machine.source("/invalidate?source=" + CODEX + "&times=1");
        emit(CODEX, 10);
        report.check(
                "a single invalid cursor is a warning, and no reason to read all anew",
                monitorHas("CURSOR_REWOUND", CODEX) && !monitorHas("CURSOR_RESYNCED", CODEX));
        machine.source("/invalidate?source=" + CODEX + "&times=3");
        emit(CODEX, 10);
        AgtmuxProcesses.await("a full resync", () -> monitorHas("CURSOR_RESYNCED", CODEX));
        settle();
        report.check(
                "the third in a row forces a full resync, after which the state is true again",
                machine.isTrue(host, CODEX));
    }

    private boolean monitorHas(String kind, String source) throws IOException, InterruptedException {
        for (JsonNode alert : host.ask("/alerts?of=monitor")) {
            if (alert.path("kind").asText().equals(kind)
                    && alert.path("text").asText().contains("'" + source + "'")) {
                return true;
            }
        }
        return false;
    }

    private void sources() throws IOException, InterruptedException {
        report.title("A source falls silent, comes back, is revoked and registered again");
        machine.source("/silence?source=" + CODEX + "&on=true");
        awaitState("STALE");
        machine.source("/silence?source=" + CODEX + "&on=false");
        awaitState("ACTIVE");
        host.order("/revoke?source=" + CODEX);
        awaitState("REVOKED");
        host.order("/register?source=" + CODEX);
        awaitState("ACTIVE");
        emit(CODEX, 10);
        report.check("it delivers again", machine.isTrue(host, CODEX));
        host.ask("/alerts?of=monitor")
                .forEach(alert -> report.say(alert.path("severity").asText() + "  "
                        + alert.path("text").asText()));
        report.check("nobody was called for it", host.ask("/alerts?of=pager").isEmpty());
    }

    private void awaitState(String state) throws IOException, InterruptedException {
        AgtmuxProcesses.await(
                CODEX + " is " + state,
                () -> host.ask("/status").path("sources").path(CODEX).asText().equals(state));
        report.say(CODEX + " is " + state);
    }

    private void crash() throws IOException, InterruptedException {
        report.title("kill -9, with events that are in no checkpoint");
        JsonNode status;
        do { // A checkpoint may have been due just now.
            emit(CLAUDE, 120);
            status = host.ask("/status");
        } while (status.path("unstored").asLong() == 0);
        long version = status.path("version").asLong();
        long unstored = status.path("unstored").asLong();
        List<String> before = ids();
        host.kill();
        host = start();
        settle();
        report.check(
                unstored + " events were in no checkpoint; all " + version + " are there again",
                host.ask("/status").path("version").asLong() == version);
        host.order("/snapshot");
        List<String> after = ids();
        after.removeAll(before);
        report.check("new ids: " + after + ", none used before", !after.isEmpty());
        report.check("a clean stop ends with exit code 0", host.stop() == 0);
    }

    private List<String> ids() throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        host.ask("/list").forEach(snapshot -> ids.add(snapshot.path("id").asText()));
        return ids;
    }

    private static void twoHours(WorkFolder work, Report report) throws IOException {
        report.title("Two hours in virtual time: every 15 minutes a snapshot, at most 10 minutes old to be restored");
        try (VirtualHost virtual = VirtualHost.in(work.path().resolve("virtual"), settings -> settings, CLAUDE)
                .start()) {
            int minutes = 2 * 60;
            int restorable = 0;
            Duration half = Duration.ofSeconds(30);
            for (int minute = 0; minute < minutes; minute++) {
                virtual.source(0).emit(5);
                virtual.pass(half, half); // Looked at in the middle of each minute.
                restorable += virtual.isRestorable() ? 1 : 0;
                virtual.pass(half, half);
            }
            report.say("restorable without approval in " + restorable + " of " + minutes + " minutes");
            report.check("a third of the time nothing is", restorable * 3 == minutes * 2);
            report.check("the state is what the source says, event for event", virtual.isTrue());
            report.check(
                    "the source has compacted what no restore within the horizon needs",
                    virtual.source(0).hello().beginning() > minutes * 5L - 60 * 5);
        }
    }
}
