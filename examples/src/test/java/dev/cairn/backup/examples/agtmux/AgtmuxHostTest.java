package dev.cairn.backup.examples.agtmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.agtmux.AgtmuxProcesses.Host;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.show.ChildRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host as its operator sees it: processes, HTTP, kill -9. One host reads two sources and is restored; another one, on the same vault, reads a third. */
class AgtmuxHostTest {

    private static final List<String> IN_ORDER = List.of("Sources", "Gateway", "Daemon", "UI");

    @TempDir
    static Path temp;

    private static AgtmuxProcesses machine;
    private static Host host;
    private static Host other;

    /** What happened in the one restore that most tests look at. */
    private static JsonNode shown;

    private static JsonNode checked;
    private static JsonNode restored;
    private static List<JsonNode> alertsOfTheRestore;
    private static JsonNode firstOfTheOther;
    private static JsonNode shutdownShown;
    private static JsonNode safetyListed;
    private static Set<String> idsAfterTheRestore;
    private static JsonNode verified;
    private static long versionBefore;
    private static long inFlightBefore;

    @BeforeAll
    static void startAndRestore() throws Exception {
        machine = new AgtmuxProcesses(temp, "claude", "codex", "other");
        host = startHost();
        other = startOther();
        emit("claude", 400);
        emit("codex", 150);
        settle();
        shown = host.order("/snapshot?operator=ada");
        emit("claude", 100);
        settle();
        host.order("/snapshot?operator=ada");
        host.order("/hold?on=true");
        emit("codex", 120);
        AgtmuxProcesses.await(
                "events in flight", () -> status(host).path("inFlight").asLong() == 120);
        inFlightBefore = status(host).path("inFlight").asLong();
        versionBefore = status(host).path("version").asLong();
        checked = host.ask("/check?id=" + shown.path("id").asText());
        AgtmuxProcesses.await( // They are told by a thread of their own.
                "the snapshots before are told of",
                () -> told(host, "log", "SnapshotCompleted") == ids(host).size());
        int heard = host.ask("/alerts").size();
        restored = host.order("/restore?operator=ada&id=" + shown.path("id").asText());
        List<JsonNode> alerts = new ArrayList<>();
        host.ask("/alerts").forEach(alerts::add);
        alertsOfTheRestore = alerts.subList(heard, alerts.size());
        idsAfterTheRestore = ids(host);
        shutdownShown = host.ask("/show?id=" + restored.path("shutdownSnapshot").asText());
        for (JsonNode snapshot : host.ask("/list")) {
            if (snapshot.path("id").equals(restored.path("safetySnapshot"))) {
                safetyListed = snapshot;
            }
        }
        AgtmuxProcesses.await(
                "the first periodic snapshot", () -> !other.ask("/list").isEmpty());
        firstOfTheOther = other.ask("/list").get(0);
        settle();
        AgtmuxProcesses.await(
                "the watch ends",
                () -> !host.ask("/verification").path("verdict").asText().equals("Watching"));
        verified = host.ask("/verification");
    }

    @AfterAll
    static void stop() throws IOException {
        if (machine != null) {
            machine.close();
        }
    }

    private static Host startHost() throws IOException {
        return machine.host("data", "claude,codex", "watch=PT2S/PT2S/PT1M");
    }

    private static Host startOther() throws IOException {
        return machine.host("other-data", "other", "horizon=PT0S", "policy=PT15M/3/PT0S");
    }

    private static void emit(String source, int count) throws Exception {
        machine.source("/emit?source=" + source + "&count=" + count);
    }

    private static void settle() throws Exception {
        AgtmuxProcesses.await(
                "the state is what the sources say",
                () -> machine.isTrue(host, "claude") && machine.isTrue(host, "codex"));
    }

    private static JsonNode status(Host of) throws Exception {
        return of.ask("/status");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private static Set<String> ids(Host of) throws Exception {
        Set<String> ids = new HashSet<>();
        of.ask("/list").forEach(snapshot -> ids.add(snapshot.path("id").asText()));
        return ids;
    }

    private static int told(Host of, String channel, String kind) throws Exception {
        int times = 0;
        for (JsonNode alert : of.ask("/alerts?of=" + channel)) {
            times += alert.path("kind").asText().equals(kind) ? 1 : 0;
        }
        return times;
    }

    private static int first(List<JsonNode> alerts, String kind) {
        for (int i = 0; i < alerts.size(); i++) {
            if (alerts.get(i).path("kind").asText().equals(kind)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void agtmux01_theFirstPeriodicSnapshotIsTakenAtTheStart() {
        assertEquals("PERIODIC", firstOfTheOther.path("trigger").asText());
    }

    @Test
    void agtmux02_twoProcessesOnOneRepositoryNeverUseAnIdTwice() throws Exception {
        List<String> taken = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            CompletableFuture<String> beside = CompletableFuture.supplyAsync(() -> take(other));
            taken.add(take(host));
            taken.add(beside.get());
        }
        assertEquals(taken.size(), Set.copyOf(taken).size(), taken::toString);
        for (String id : taken) {
            assertTrue(id.matches("snap-[0-9]+"), id);
        }
        List<Long> created = new ArrayList<>();
        other.ask("/list")
                .forEach(snapshot -> created.add(snapshot.path("createdAt").asLong()));
        assertEquals(created.stream().sorted().toList(), created, "oldest first");
        assertFalse(ids(other).contains(shown.path("id").asText()), "each lists its own");
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring("snap-".length()));
    }

    private static String take(Host of) {
        try {
            return of.order("/snapshot").path("id").asText();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void agtmux03_versionAheadCannotBeOverriddenIsPagedAndFiledAsAnIncident() throws Exception {
        AgtmuxProcesses.await(
                "the other host is up",
                () -> status(other).path("state").asText().equals("RUNNING"));
        JsonNode ahead = host.order("/snapshot");
        String foreign = ahead.path("id").asText();
        assertTrue(
                status(other).path("version").asLong() < ahead.path("version").asLong());
        JsonNode verdict = other.ask("/check?id=" + foreign).path("verdict");
        assertEquals("VersionAhead", verdict.path("kind").asText(), "also too old, but the version is decided first");
        assertEquals(
                ahead.path("version").asLong(), verdict.path("snapshotVersion").asLong());
        Answer refused = other.tell("/restore?operator=ada&reason=I+insist&id=" + foreign);
        assertEquals(409, refused.status(), refused.body());
        assertTrue(refused.body().contains("cannot be overridden"), refused.body());
        assertEquals("RUNNING", status(other).path("state").asText(), "nothing was stopped");
        List<JsonNode> pages = new ArrayList<>();
        AgtmuxProcesses.await(
                "agtmux10: somebody is called",
                () -> { // By a thread of its own, after the answer.
                    pages.clear();
                    other.ask("/alerts?of=pager").forEach(pages::add);
                    return first(pages, "VERSION_AHEAD") >= 0;
                });
        assertEquals(
                "ESCALATE",
                pages.get(first(pages, "VERSION_AHEAD")).path("severity").asText());
        JsonNode incidents = other.ask("/incidents");
        assertEquals("snapshot_version_ahead", incidents.get(0).path("code").asText(), "agtmux17");
    }

    @Test
    void agtmux05_aRewindWithoutAPositionIsRefusedAndMovesNothing() throws Exception {
        long before = committed();
        for (String to : List.of("", "&to=", "&to=far", "&to=-1")) {
            Answer refused = host.tell("/rewind?source=claude" + to);
            assertEquals(400, refused.status(), refused.body());
        }
        assertEquals(before, committed());
    }

    private static long committed() throws Exception {
        return host.ask("/cursors").path("claude").path("committed").asLong();
    }

    @Test
    void agtmux09_stagesStopInReverseAndStartInOrder() throws Exception {
        assertEquals(List.of("UI", "Daemon", "Gateway", "Sources"), texts(restored.path("stopped")));
        assertEquals(IN_ORDER, texts(restored.path("started")));
        assertEquals(IN_ORDER, texts(status(host).path("started")));
        assertEquals(List.of(), texts(status(host).path("unready")));
    }

    @Test
    void agtmux10_theRestoreIsToldBeforeTheDaemonStopsAndWhenItIsDone() {
        int started = first(alertsOfTheRestore, "RESTORE_STARTED");
        int stopping = first(alertsOfTheRestore, "SnapshotStarted"); // The snapshot at shutdown.
        int completed = first(alertsOfTheRestore, "RESTORE_COMPLETED");
        assertTrue(started >= 0 && started < stopping && stopping < completed, alertsOfTheRestore::toString);
        assertTrue(alertsOfTheRestore.get(started).path("text").asText().startsWith("restore in progress"));
        assertEquals("INFO", alertsOfTheRestore.get(started).path("severity").asText());
        assertEquals("INFO", alertsOfTheRestore.get(completed).path("severity").asText());
    }

    @Test
    void agtmux11_atTheCutVersionAndCountsAreTheSnapshotsThenWhatCameAfterIsReplayed() throws Exception {
        assertEquals(shown.path("version"), restored.path("versionAtCut"));
        assertEquals(shown.path("sessions"), restored.path("sessionsAtCut"));
        assertEquals(shown.path("panes"), restored.path("panesAtCut"));
        assertEquals(120, inFlightBefore, "it was in flight when the daemon stopped");
        assertTrue(versionBefore > shown.path("version").asLong());
        AgtmuxProcesses.await(
                "all is replayed", () -> status(host).path("version").asLong() >= versionBefore + inFlightBefore);
        settle(); // Event for event: a pane counts the events that have changed it.
        assertEquals(status(host).path("panes").asInt(), host.see("/list_panes").size());
        assertEquals(
                status(host).path("sessions").asInt(),
                host.see("/list_sessions").size());
    }

    @Test
    void agtmux12_theVerificationPasses() {
        assertEquals("Passed", verified.path("verdict").asText(), verified::toString);
    }

    @Test
    void agtmux13_theTargetIsTheOneThatWasNamedAndOutlivesTheRestore() {
        assertEquals(shown.path("id"), restored.path("id"));
        List<String> both = List.of(
                restored.path("shutdownSnapshot").asText(),
                restored.path("safetySnapshot").asText());
        assertFalse(both.contains(""), "both were taken: " + both);
        assertFalse(both.contains(shown.path("id").asText()));
        assertEquals("SHUTDOWN", shutdownShown.path("trigger").asText());
        assertTrue(idsAfterTheRestore.contains(shown.path("id").asText()), idsAfterTheRestore::toString);
    }

    @Test
    void agtmux14_theStartWarnsThatMaxAgeIsBelowTheInterval() throws Exception {
        assertTrue(
                texts(status(host).path("warnings")).stream()
                        .anyMatch(warning -> warning.contains("every PT15M") && warning.contains("at most PT10M")),
                () -> "no warning");
    }

    @Test
    void agtmux15_aSourceOutlivesTheKilledDaemonAndHasLostOnlyWhatWasAcknowledged() throws Exception {
        emit("other", 200);
        AgtmuxProcesses.await("the other state is true", () -> machine.isTrue(other, "other"));
        long before = machine.truth("other").path("bytes").asLong();
        String old = take(other);
        AgtmuxProcesses.await(
                "acknowledged",
                () -> other.ask("/cursors").path("other").path("acknowledged").asLong() > 0);
        emit("other", 30);
        AgtmuxProcesses.await("the other state is true", () -> machine.isTrue(other, "other"));
        AgtmuxProcesses.await(
                "compacted", () -> machine.truth("other").path("bytes").asLong() < before);
        other.kill();
        other = startOther();
        AgtmuxProcesses.await("the other state is true again", () -> machine.isTrue(other, "other"));
        assertTrue(number(take(other)) > number(old), "agtmux02: ids go on after a kill");
        AgtmuxProcesses.await(
                "what came later is acknowledged, too",
                () -> other.ask("/cursors").path("other").path("acknowledged").asLong()
                        == other.ask("/cursors").path("other").path("committed").asLong());
        other.ask("/list")
                .forEach(snapshot -> assertEquals(
                        "full resync", snapshot.path("restorableBy").asText(), "the horizon is zero"));
        assertEquals(409, other.tell("/restore?operator=ada&id=" + old).status(), "agtmux03: too old");
        other.order("/restore?operator=ada&reason=a+test&id=" + old);
        AgtmuxProcesses.await("the other state is true after a full resync", () -> machine.isTrue(other, "other"));
        AgtmuxProcesses.await("the resync is told of", () -> told(other, "monitor", "CURSOR_RESYNCED") == 1);
    }

    @Test
    void agtmux16_listShowAndCheckTellAllThatIsKnownOfASnapshot() {
        assertEquals("replay", safetyListed.path("restorableBy").asText());
        for (JsonNode form : List.of(safetyListed, shutdownShown, checked, shown)) {
            for (String field : List.of("id", "createdAt", "version", "sessions", "panes", "trigger", "sizeBytes")) {
                assertTrue(form.has(field), () -> field + " is missing in " + form);
            }
            assertTrue(form.path("sizeBytes").asLong() > 10_000, "as serialized: " + form);
            assertTrue(form.path("sessions").asLong() > 0 && form.path("panes").asLong() > 0, form::toString);
        }
        assertEquals("MANUAL", shown.path("trigger").asText());
        assertEquals("Ok", checked.path("verdict").path("kind").asText());
    }

    @Test
    void agtmux18_aStaleSourceComesBackByHelloAndAStuckOneIsRevokedAndRegisteredAgain() throws Exception {
        machine.source("/silence?source=codex&on=true");
        awaitState("STALE");
        machine.source("/silence?source=codex&on=false");
        awaitState("ACTIVE");
        host.order("/revoke?source=codex");
        awaitState("REVOKED");
        emit("codex", 20);
        emit("claude", 20);
        AgtmuxProcesses.await("the other source is read", () -> machine.isTrue(host, "claude"));
        assertFalse(machine.isTrue(host, "codex"), "what is revoked is not read");
        host.order("/register?source=codex");
        awaitState("ACTIVE");
        settle();
        Answer unknown = host.tell("/revoke?source=nobody");
        assertEquals(400, unknown.status(), unknown.body());
        assertTrue(unknown.body().contains("nobody"), unknown.body());
    }

    private static void awaitState(String state) throws Exception {
        AgtmuxProcesses.await(
                "codex is " + state,
                () -> status(host).path("sources").path("codex").asText().equals(state));
    }

    @Test
    void agtmux11_killedInTheMiddleOfARestoreItComesBackWithoutLosingOrDoublingAnEvent() throws Exception {
        boolean tooLate = true;
        for (int attempt = 0; tooLate && attempt < 5; attempt++) {
            tooLate = killDuringARestore();
        }
        assertFalse(tooLate, "each of the restores had ended before the kill");
    }

    /** Answers whether the restore had ended before. */
    private static boolean killDuringARestore() throws Exception {
        emit("claude", 60);
        settle();
        String target = take(host);
        emit("claude", 60);
        settle();
        long version = status(host).path("version").asLong();
        Host killed = host;
        CompletableFuture<Boolean> answered = CompletableFuture.supplyAsync(() -> {
            try {
                killed.tell("/restore?operator=ada&id=" + target);
                return true;
            } catch (IOException e) {
                return false; // Its answer is cut off, as it must be.
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        AgtmuxProcesses.await("the restore has begun", () -> {
            for (JsonNode alert : killed.ask("/alerts")) {
                if (alert.path("text")
                        .asText()
                        .equals("restore in progress: " + target)) { // Told by the manager, not by the host before it.
                    return true;
                }
            }
            return false;
        });
        killed.kill();
        boolean tooLate = answered.join();
        host = startHost();
        settle();
        assertEquals(version, status(host).path("version").asLong());
        assertTrue(tooLate || ids(host).contains(target), "it is kept for the next attempt");
        return tooLate;
    }

    @Test
    void theOperatorPlaysTheRunbookToItsEnd() throws Exception {
        ChildRun.assertPlaysToItsEnd(
                Agtmux.class,
                temp.resolve("play"),
                "HOLDS   prune removes 2 and keeps the newest 3",
                "HOLDS   at the cut version, sessions and panes are the snapshot's",
                "no event missing or doubled",
                "HOLDS   a third of the time nothing is");
    }
}
