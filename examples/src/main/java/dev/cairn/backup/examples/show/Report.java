package dev.cairn.backup.examples.show;

import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupListener;
import dev.cairn.backup.RestorePlan;
import dev.cairn.backup.RestoreReport;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.SnapshotReport;
import java.io.File;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints what happens and remembers every comparison that did not hold. Thread-safe. */
public final class Report implements BackupListener {

    private final PrintStream out;
    private final String folder;
    private final List<String> failures = new ArrayList<>();

    /** @param folder the work folder; paths in it are printed without it */
    public Report(PrintStream out, Path folder) {
        this.out = out;
        this.folder = folder + File.separator;
    }

    /** Begins a section. */
    public synchronized void title(String text) {
        out.println();
        out.println("== " + text);
    }

    /** A line. */
    public synchronized void say(String text) {
        out.println("   " + text.replace(folder, ""));
    }

    /** A comparison: printed line by line, and remembered if anything differs. */
    public synchronized void compare(String what, Comparison comparison) {
        say((comparison.isEqual() ? "EQUAL   " : "DIFFERS ") + what);
        comparison.lines().forEach(line -> say("          " + line));
        comparison.differences().forEach(difference -> say("        ! " + difference));
        if (!comparison.isEqual()) {
            failures.add(what);
        }
    }

    /** A statement that must hold. */
    public synchronized void check(String statement, boolean holds) {
        say((holds ? "HOLDS   " : "FAILS   ") + statement);
        if (!holds) {
            failures.add(statement);
        }
    }

    /** What did not hold. */
    public synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** Each snapshot as it becomes durable, whoever asked for it. */
    @Override
    public void onEvent(BackupEvent event) {
        if (event instanceof BackupEvent.SnapshotCompleted completed) {
            snapshot(completed.report());
        } else if (event instanceof BackupEvent.SnapshotFailed failed) {
            say("event   " + failed.describe());
        }
    }

    private void snapshot(SnapshotReport report) {
        SnapshotMetadata snapshot = report.metadata();
        say(String.format(
                Locale.ROOT,
                "%-7s %-9s %s step %d, %s, %,d bytes in %s, barrier %s%s",
                snapshot.id(),
                snapshot.trigger(),
                snapshot.label().map(label -> "'" + label + "',").orElse("at"),
                snapshot.projectionVersion().orElse(-1),
                snapshot.counts(),
                snapshot.sizeBytes(),
                millis(report.elapsed()),
                millis(report.barrierHeld()),
                report.suspicions().isEmpty() ? "" : ", SUSPECT: " + report.suspicions()));
    }

    /** What a restore would do. */
    public void plan(RestorePlan plan) {
        say("verdict  " + plan.verdict());
        plan.datasets()
                .forEach(dataset -> say(String.format(
                        Locale.ROOT,
                        "%-8s create %d, replace %d, remove %d, keep %d, write %,d bytes to %s",
                        dataset.dataset(),
                        dataset.create(),
                        dataset.replace(),
                        dataset.remove(),
                        dataset.keep(),
                        dataset.bytes(),
                        dataset.target())));
        plan.warnings().forEach(warning -> say("warning  " + warning));
        plan.datasets().forEach(dataset -> dataset.warnings().forEach(warning -> say("warning  " + warning)));
    }

    /** What a restore did. */
    public void restored(RestoreReport report) {
        say("restored " + report.snapshot().id() + " in " + millis(report.elapsed()) + ": "
                + report.steps().entrySet().stream()
                        .map(step -> step.getKey() + " " + millis(step.getValue()))
                        .collect(Collectors.joining(", ")));
        report.safetySnapshot().ifPresent(id -> say("the state before it is safe in " + id));
        report.warnings().forEach(warning -> say("warning  " + warning));
    }

    /** A duration for people. */
    public static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.2f ms", duration.toNanos() / 1e6);
    }
}
