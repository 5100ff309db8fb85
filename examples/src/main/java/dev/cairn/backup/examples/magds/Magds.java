package dev.cairn.backup.examples.magds;

import dev.cairn.backup.examples.show.Report;
import dev.cairn.backup.examples.show.Show;
import dev.cairn.backup.examples.show.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * MagDS's runbook, "Backup &amp; Restore", section by section, from the operator's side: every command is a process.
 *
 * <p>Exit code 0 if all comparisons held, 1 if any did not, 2 for a command line that cannot be.
 */
public final class Magds {

    private final Kernel kernel;
    private final Report report;

    private Magds(Kernel kernel, Report report) {
        this.kernel = kernel;
        this.report = report;
    }

    /** @param args an empty or new folder to work in, and {@code --keep} to keep a temporary one */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        System.exit(Show.run("Magds", Magds::play, args));
    }

    private static void play(WorkFolder work, Report report) throws IOException, SQLException, InterruptedException {
        Path root = Files.createDirectories(work.path().resolve("magds"));
        Magds magds = new Magds(Kernel.at(root).configured(Kernel.CONFIG).turn(1), report);
        String id = magds.run();
        magds.verify(id);
        magds.restore(id);
        magds.damage(id);
        magds.telemetry();
    }

    private MagRun mag(String... args) throws IOException, InterruptedException {
        report.say("$ mag " + String.join(" ", args));
        MagRun run = MagRun.of(kernel.place().root(), args);
        run.out().lines().forEach(line -> report.say("  " + line));
        run.err().lines().forEach(line -> report.say("  ! " + line));
        return run;
    }

    private String run() throws IOException, InterruptedException {
        report.title("1. Backup execution");
        MagRun run = mag("magds:backup", "run", "--label=pre-release");
        String id = run.line("backup:");
        report.check("the id is a time and the label: " + id, id.matches("\\d{8}_\\d{6}_pre-release"));
        report.check("the manifest is where it says", Files.exists(Path.of(run.line("manifest:"))));
        return id;
    }

    private void verify(String id) throws IOException, InterruptedException {
        report.title("2. Verification; 5. Evidence & auditing");
        MagRun run = mag("magds:backup", "verify", "--id=" + id);
        report.check("verified, exit code " + run.exitCode(), run.exitCode() == 0);
        report.check("last_verified_at is set", !run.line("last_verified_at:").isEmpty());
        Path evidence = Path.of(run.line("evidence:"));
        report.check(
                "the evidence for the ticket is in one folder",
                List.of("manifest.json", "report.json", "metrics.json").stream()
                        .allMatch(name -> Files.exists(evidence.resolve(name))));
    }

    private void restore(String id) throws IOException, SQLException, InterruptedException {
        report.title("3. Restore procedure");
        String then = kernel.describe();
        kernel.turn(2);
        String now = kernel.describe();
        report.say("at the backup: " + then);
        report.say("now:           " + now);
        mag("magds:restore", "--id=" + id, "--dry-run");
        report.check("the dry run has touched nothing", kernel.describe().equals(now));
        MagRun run = mag("magds:restore", "--id=" + id);
        report.check("restored, exit code " + run.exitCode(), run.exitCode() == 0);
        report.check(
                "everything is as it was at the backup: " + kernel.describe(),
                kernel.describe().equals(then));
        report.check(
                "checklist: it verifies again",
                mag("magds:backup", "verify", "--id=" + id).exitCode() == 0);
    }

    private void damage(String id) throws IOException, SQLException, InterruptedException {
        report.title("2. Verification: a damaged backup, and what a restore makes of it");
        Path stored = kernel.backups().resolve(id).resolve("snapshot/worker_state/system.json");
        Files.writeString(stored, "{\"worker\":9}");
        MagRun run = mag("magds:backup", "verify", "--id=" + id);
        report.check(
                "exit code 1, and the file is named",
                run.exitCode() == 1 && run.out().contains("worker_state/system.json"));
        report.check("the bus was told", run.err().contains("ALERT magdb.backup.verify_failed"));
        String before = kernel.turn(3).describe();
        report.check("it is not restored", mag("magds:restore", "--id=" + id).exitCode() != 0);
        report.check("nothing was touched", kernel.describe().equals(before));
    }

    private void telemetry() {
        report.title("1.-3. Telemetry");
        Map<String, Long> metrics = new Telemetry(kernel.place().telemetry()).all();
        metrics.forEach((name, value) -> report.say(name + " " + value));
        report.check(
                "one backup, one restore",
                metrics.getOrDefault(Telemetry.BACKUPS_TOTAL, 0L) == 1
                        && metrics.getOrDefault(Telemetry.RESTORES_TOTAL, 0L) == 1);
    }
}
