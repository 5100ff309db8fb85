package dev.cairn.backup.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.Actor;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.Operation;
import dev.cairn.backup.OperationError;
import dev.cairn.backup.OperationPolicy;
import dev.cairn.backup.OperationRefusedException;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.core.audit.WrittenLog;
import dev.cairn.backup.core.capture.TestHost;
import dev.cairn.backup.spi.BlobContent;
import dev.cairn.backup.spi.BlobName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A home's admin page: parents who are managers may back up and restore, from the machine itself. */
class HaloOperationsTest {

    private static final String LOCAL = "127.0.0.1";
    private static final String ABSENT = "";

    private record Member(boolean parent, boolean manager) {}

    private static final Map<String, Member> MEMBERS = Map.of(
            "mother", new Member(true, true), "father", new Member(true, false), "child", new Member(false, false));

    @TempDir
    private Path folder;

    private final TestHost host = new TestHost();
    private WrittenLog log;
    private SnapshotManager manager;
    private BackupOperations operations;

    @BeforeEach
    void open() {
        log = WrittenLog.in(folder);
        manager = host.builder().audit(log).open();
        operations = BackupOperations.of(manager, HaloOperationsTest::decide).requireMember();
    }

    @AfterEach
    void theLogIsIntact() {
        host.store.heal();
        manager.close();
        assertTrue(log.isIntact());
        log.close();
    }

    private static OperationPolicy.Decision decide(Actor actor, Operation operation) {
        Member member = MEMBERS.get(actor.member().orElseThrow());
        if (member == null) {
            return OperationPolicy.denied("member_not_found");
        } else if (!member.parent()) {
            return OperationPolicy.denied("not_parent");
        }
        return member.manager() ? OperationPolicy.allowed() : OperationPolicy.denied("parent_not_manager");
    }

    private String create(String address, String member, String id) {
        return answer(() -> operations.create(caller(address, member), id, UnaryOperator.identity()));
    }

    private String restore(String address, String member, String id) {
        return answer(() -> operations.restore(caller(address, member), id, UnaryOperator.identity()));
    }

    private static Actor caller(String address, String member) {
        return Actor.of("admin-api").member(member).at(address);
    }

    /** What the host's HTTP server would send. */
    private static String answer(Runnable call) {
        try {
            call.run();
            return "200";
        } catch (BackupException e) {
            OperationError error = OperationError.uniform(e);
            return error.status() + " " + error.json();
        }
    }

    private JsonNode lastLine() {
        List<JsonNode> all = log.entries();
        return all.get(all.size() - 1);
    }

    private String last() {
        List<String> all = log.lines();
        return all.get(all.size() - 1);
    }

    @Test
    void theChecksComeInTheirOrderAndOnlyTheFirstThatFailsAnswers() {
        assertEquals("403 {\"error\":\"forbidden\"}", restore("192.168.1.9", ABSENT, ABSENT));
        assertEquals("snapshot.restore  denied admin-api", last());
        assertEquals("403 {\"error\":\"forbidden\"}", restore("192.168.1.9", "mother", "b-1"));
        assertEquals("snapshot.restore b-1 denied admin-api", last());
        assertEquals(null, lastLine().get("details").get("member"), "a stranger's claim is not written down");
        assertEquals("192.168.1.9", lastLine().get("details").get("remote").asText());
        assertEquals("400 {\"error\":\"missing_member_id\"}", restore(LOCAL, ABSENT, ABSENT));
        assertEquals("400 {\"error\":\"missing_member_id\"}", restore(LOCAL, "  ", "b-1"));
        assertEquals("snapshot.restore b-1 denied admin-api", last());
        assertEquals(forbidden("member_not_found"), restore(LOCAL, "guest", ABSENT));
        assertEquals(forbidden("not_parent"), restore(LOCAL, "child", ABSENT));
        assertEquals(forbidden("parent_not_manager"), restore(LOCAL, "father", "../x"));
        assertEquals("snapshot.restore ../x denied admin-api", last());
        assertEquals(
                "parent_not_manager", lastLine().get("details").get("reason").asText());
        assertEquals("father", lastLine().get("details").get("member").asText());
        assertEquals("400 {\"error\":\"missing_backup_id\"}", restore(LOCAL, "mother", ABSENT));
        assertEquals("snapshot.restore  failed admin-api", last());
        assertEquals(8, log.lines().size(), "one line each");
        assertEquals(List.of(), log.incidents());
    }

    private static String forbidden(String reason) {
        return "403 {\"error\":\"operations_forbidden\",\"reason\":\"" + reason + "\"}";
    }

    @Test
    void aManagingParentAtTheMachineBacksUpAndRestores() {
        assertEquals("200", create("::1", "mother", "before-update"));
        host.data.file("a", "second");
        assertEquals("200", restore("::ffff:127.0.0.1", "mother", "before-update"));
        assertEquals("first", host.live());
        assertEquals(
                "snapshot.create before-update allowed admin-api", log.lines().get(0));
        assertEquals("snapshot.restore before-update allowed admin-api", last());
        assertEquals("mother", lastLine().get("details").get("member").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "a\\b", "/etc", "C:x", "..", "con", "x\u0000y", "\uD800"})
    void anIdThatIsNotAllowedIsAFailureWithItsTarget(String id) {
        for (String answer : List.of(create(LOCAL, "mother", id), restore(LOCAL, "mother", id))) {
            assertTrue(
                    answer.startsWith("500 {\"error\":\"backup_operation_failed\",\"message\":\"snapshot id is"),
                    answer);
        }
        assertEquals(2, log.lines().size());
        log.entries().forEach(line -> {
            assertEquals("failed", line.get("outcome").asText());
            assertEquals(id.replace('\uD800', '\uFFFD'), line.get("target").asText());
        });
        assertEquals(List.of(), log.incidents(), "somebody's typing calls nobody");
    }

    @Test
    void anIdThatIsUsedAlreadyIsRefusedAndMergesNothing() {
        create(LOCAL, "mother", "b-1");
        host.data.file("b", "more");
        assertTrue(create(LOCAL, "mother", "b-1").startsWith("500 {\"error\":\"backup_operation_failed\""));
        assertEquals("snapshot.create b-1 failed admin-api", last());
        assertEquals(1, manager.list().size());
        assertEquals(List.of(), log.incidents());
    }

    @Test
    void aBackupWithoutManifestIsAFailureAndACriticalIncident() {
        host.blobs.putIfAbsent(BlobName.of("b-1/snapshot/data/a"), BlobContent.of("half"));
        assertTrue(restore(LOCAL, "mother", "b-1")
                .startsWith("500 {\"error\":\"backup_operation_failed\",\"message\":\""));
        assertEquals("snapshot.restore b-1 failed admin-api", last());
        assertEquals(List.of("backup_manifest_missing ESCALATE [b-1]"), log.incidents());
        restore(LOCAL, "mother", "b-1");
        assertEquals(1, log.incidents().size(), "one incident, however often it is tried");
        assertTrue(restore(LOCAL, "mother", "b-2").startsWith("500 "));
        assertEquals("backup_manifest_missing ESCALATE [b-2]", log.incidents().get(1));
        assertEquals("first", host.live());
    }

    @Test
    void aBackupThatFailsIsACriticalIncidentWithItsIdReasonAndTime() {
        host.store.failFrom(host.store.calls() + 1);
        assertTrue(create(LOCAL, "mother", "b-1").startsWith("500 "));
        assertEquals("snapshot.create b-1 failed admin-api", last());
        assertEquals(List.of("backup_create_failed ESCALATE [b-1]"), log.incidents());
        var incident = log.openIncidents().get(0).report();
        assertEquals(host.clock.instant(), incident.at());
        assertEquals("admin-api", incident.actor());
        assertTrue(incident.description().contains("b-1: "), incident.description());
    }

    @Test
    void aRestoreThatFailsIsACriticalIncidentAndCanBeTriedAgain() {
        create(LOCAL, "mother", "b-1");
        host.data.file("a", "second");
        host.store.onCall(call -> {
            if (call.name().startsWith("b-1/snapshot")) {
                throw new StoreException(StoreException.Reason.IO, "A bad sector", "Replace the disk", null);
            }
        });
        assertTrue(restore(LOCAL, "mother", "b-1").startsWith("500 "));
        assertEquals("snapshot.restore b-1 failed admin-api", last());
        assertEquals(List.of("backup_restore_failed ESCALATE [b-1]"), log.incidents());
        assertEquals("second", host.live());
        host.store.heal();
        assertEquals("200", restore(LOCAL, "mother", "b-1"));
    }

    @Test
    void laneOperationsAreInTheSameTrail() {
        Operation removal = Operation.of("lane.remove", "lane-7");
        assertEquals(
                "lane-7 in the trash", operations.run(caller(LOCAL, "mother"), removal, () -> "lane-7 in the trash"));
        assertThrows(
                OperationRefusedException.class, () -> operations.run(caller(LOCAL, "child"), removal, () -> "never"));
        assertEquals(
                List.of("lane.remove lane-7 allowed admin-api", "lane.remove lane-7 denied admin-api"), log.lines());
    }

    @Test
    void aHostMayAllowCallersAtOtherMachines() {
        operations.allowRemote().create(caller("192.168.1.9", "mother"));
        assertEquals(1, manager.list().size());
    }

    @Test
    void aCallerWithinTheProcessHasNoAddressAndNeedsNone() {
        operations.create(Actor.of("cron").member("mother"));
        assertEquals("snapshot.create snap-1 allowed cron", last());
    }
}
