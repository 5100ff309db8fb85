package dev.cairn.backup.examples.halo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.examples.http.Answer;
import dev.cairn.backup.examples.show.ChildJvm;
import dev.cairn.backup.examples.show.Report;
import dev.cairn.backup.examples.show.Show;
import dev.cairn.backup.examples.show.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * HALO's runbook, "Backup/Restore + Incident Response", section by section, from the operator's side of a HALO that runs as a process.
 *
 * <p>Exit code 0 if all comparisons held, 1 if any did not, 2 for a command line that cannot be.
 */
public final class Halo {

    private static final String CREATE = "/operations/backup/create";
    private static final String RESTORE = "/operations/backup/restore";

    private final HaloHome home;
    private final Report report;

    private Halo(HaloHome home, Report report) {
        this.home = home;
        this.report = report;
    }

    /** @param args an empty or new folder to work in, and {@code --keep} to keep a temporary one */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        System.exit(Show.run("Halo", Halo::play, args));
    }

    private static void play(WorkFolder work, Report report) throws IOException, InterruptedException {
        HaloHome home = new HaloHome(work.path().resolve("halo-home"));
        Family.moveIn(home);
        Halo halo = new Halo(home, report);
        try (ChildJvm process = ChildJvm.start(HaloHost.class, home.folder())) {
            Plane plane = halo.ready(process);
            halo.endpoints(plane);
            halo.whatIsBackedUp(plane);
            halo.trails(plane);
            halo.failure(plane);
            halo.missingManifest(plane);
            halo.trash(plane);
        }
        halo.disaster();
    }

    private Plane ready(ChildJvm process) throws IOException {
        List<String> said = process.outputUntil(HaloHost.READY);
        String last = said.get(said.size() - 1);
        report.say("process " + process.pid() + " says: " + last);
        return Plane.at(Integer.parseInt(last.split(" ", 2)[1]));
    }

    /** Asks as a member, and tells it. */
    private Answer ask(Plane plane, String path, String member, String... query)
            throws IOException, InterruptedException {
        String[] all = new String[query.length + 2];
        System.arraycopy(query, 0, all, 0, query.length);
        all[query.length] = "memberId";
        all[query.length + 1] = member;
        Answer answer = plane.post(path, "", all);
        report.say("POST " + path + " as " + member + " " + List.of(query) + " -> " + answer.status());
        report.say("     " + answer.body());
        return answer;
    }

    private void endpoints(Plane plane) throws IOException, InterruptedException {
        report.title("2. Operational endpoints: loopback only, manager-gated");
        plane.post("/messages", "What is for dinner?", "memberId", Family.PARENT);
        plane.post("/messages", "Help me with fractions", "memberId", Family.CHILD);
        plane.post("/memory/lane", "Cleo: 3 May", "lane", "birthdays");
        report.check(
                "a child may not",
                ask(plane, CREATE, Family.CHILD).text("reason").equals("not_parent"));
        report.check(
                "a parent who is no manager may not",
                ask(plane, CREATE, Family.PARENT).text("reason").equals("parent_not_manager"));
        report.check(
                "the manager may",
                ask(plane, CREATE, Family.MANAGER, "now", "2026-02-18T09:00:00Z")
                        .text("backupId")
                        .equals("backup-2026-02-18T09-00-00-000Z"));
    }

    private void whatIsBackedUp(Plane plane) throws IOException, InterruptedException {
        report.title("3. What gets backed up");
        Answer answer = ask(plane, CREATE, Family.MANAGER, "backupId", "before-update");
        Path manifest = Path.of(answer.text("manifestPath"));
        report.check("the manifest is a file: " + manifest, Files.exists(manifest));
        report.check(
                "so is what it lists",
                Files.readString(home.backups().resolve("before-update/snapshot/memory/birthdays.jsonl"))
                        .equals("Cleo: 3 May\n"));
        report.check(
                "an id is used once",
                ask(plane, CREATE, Family.MANAGER, "backupId", "before-update").status() == 500);
        ask(plane, CREATE, Family.MANAGER, "backupId", "config-only", "includePaths", "config, config");
    }

    private void trails(Plane plane) throws IOException, InterruptedException {
        report.title("4. Incident hooks and audit trails; 6. Validation checklist after restore");
        plane.post("/messages", "This message will be gone", "memberId", Family.PARENT);
        Checklist checklist = new Checklist(plane);
        Set<String> incidents = checklist.incidents();
        List<JsonNode> before = audit();
        report.check(
                "restored, logs and all",
                ask(plane, RESTORE, Family.MANAGER, "backupId", "before-update").status() == 200);
        report.check(
                "the trails went on",
                audit().subList(0, before.size()).equals(before) && audit().size() > before.size());
        checklist.ask(incidents).forEach((question, holds) -> report.check("checklist: " + question, holds));
    }

    private List<JsonNode> audit() {
        return TrailFiles.read(home.path("logs").resolve(HaloHome.TRAILS.get(0)));
    }

    private void failure(Plane plane) throws IOException, InterruptedException {
        report.title("5 A. backup_operation_failed: narrower paths");
        ask(plane, "/operations/backup/verify", Family.MANAGER, "backupId", "before-update");
        Path stored = home.backups().resolve("before-update/snapshot/memory/birthdays.jsonl");
        Files.writeString(stored, "Cleo: 4 May\n");
        report.say("somebody has edited " + stored);
        Answer failed = ask(plane, RESTORE, Family.MANAGER, "backupId", "before-update");
        report.check("it fails and says which file", failed.text("message").contains("birthdays.jsonl"));
        report.check(
                "the trail knows it",
                audit().get(audit().size() - 1).path("outcome").asText().equals("failed"));
        incident("backup_restore_failed", "before-update");
        Answer narrow = ask(plane, RESTORE, Family.MANAGER, "backupId", "before-update", "restorePaths", "config");
        report.check("config first, and it works", narrow.status() == 200);
        report.check(
                "the present state was kept in " + narrow.text("safetyBackupId"),
                !narrow.text("safetyBackupId").isEmpty());
    }

    private void incident(String code, String backup) {
        report.check(
                "critical incident " + code + " of " + backup,
                TrailFiles.read(home.path("logs").resolve(HaloHome.TRAILS.get(1))).stream()
                        .anyMatch(line -> line.path("code").asText().equals(code)
                                && line.path("backupId").asText().equals(backup)
                                && line.path("severity").asText().equals("critical")));
    }

    private void missingManifest(Plane plane) throws IOException, InterruptedException {
        report.title("5 B. Missing backup manifest");
        Files.delete(home.backups().resolve("config-only/manifest.json"));
        report.check(
                "it is not restored",
                ask(plane, RESTORE, Family.MANAGER, "backupId", "config-only").status() == 500);
        incident("backup_manifest_missing", "config-only");
        JsonNode listed =
                plane.get("/operations/backup/list", "memberId", Family.MANAGER).json();
        report.check(
                "it is listed as invalid: " + listed.path("invalid"),
                listed.path("invalid").has("config-only"));
        ask(plane, CREATE, Family.MANAGER, "backupId", "recreated");
        report.check(
                "its replacement is read back",
                ask(plane, "/operations/backup/verify", Family.MANAGER, "backupId", "recreated")
                                .status()
                        == 200);
        report.check(
                "and then restored",
                ask(plane, RESTORE, Family.MANAGER, "backupId", "recreated").status() == 200);
    }

    private void trash(Plane plane) throws IOException, InterruptedException {
        report.title("7. Safety constraints: destructive lane operations use recoverable trash moves");
        String item = ask(plane, "/operations/lane/discard", Family.MANAGER, "lane", "birthdays")
                .text("trashId");
        report.check("the lane is in the trash", !Files.exists(home.lane("birthdays")));
        ask(plane, "/operations/lane/undo", Family.MANAGER, "trashId", item);
        report.check("and back again", Files.exists(home.lane("birthdays")));
    }

    private void disaster() throws IOException, InterruptedException {
        report.title("kill -9 in the middle of a restore");
        try (ChildJvm process = ChildJvm.start(HaloHost.class, home.folder(), HaloHost.STAY)) {
            Plane plane = ready(process);
            plane.post("/memory/lane", "not in the backup", "lane", "birthdays");
            CompletableFuture<Void> unheard = CompletableFuture.runAsync(() -> {
                try {
                    plane.post(RESTORE, "", "memberId", Family.MANAGER, "backupId", "recreated");
                } catch (IOException | InterruptedException e) {
                    report.say("the operator hears nothing: " + e.getClass().getSimpleName());
                }
            });
            process.outputUntil(HaloHost.STAYING);
            report.say("all is swapped, nothing is decided; killed, exit code " + process.kill());
            unheard.join();
        }
        report.check(
                "what lies there is the new state",
                !Files.readString(home.lane("birthdays")).contains("not in the backup"));
        try (ChildJvm process = ChildJvm.start(HaloHost.class, home.folder())) {
            Plane plane = ready(process);
            report.check(
                    "after kill -9 in the middle of a restore: all old",
                    Files.readString(home.lane("birthdays")).endsWith("not in the backup\n"));
            report.check(
                    "and HALO is well",
                    !new Checklist(plane).ask(new Checklist(plane).incidents()).containsValue(false));
        }
    }
}
