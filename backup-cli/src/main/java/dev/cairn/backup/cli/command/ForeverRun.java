package dev.cairn.backup.cli.command;

import dev.cairn.backup.AlertSeverity;
import dev.cairn.backup.BackupEvent;
import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.cli.session.Session;
import java.time.Duration;
import java.time.Instant;

/**
 * What {@code run --forever} answers when it was told to stop.
 *
 * @param snapshots how many snapshots were taken
 * @param failures how many failed
 * @param ranMillis for how long
 */
public record ForeverRun(long snapshots, long failures, long ranMillis) implements Answer {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    static ForeverRun of(Invocation in) {
        Instant begun = Instant.now();
        try (Session session = in.serve(builder -> builder.listener(event -> tell(in, event)))) {
            in.output()
                    .remark("running "
                            + Texts.count(in.configuration().schedules().size(), "schedule")
                            + "; Ctrl-C or SIGTERM ends it");
            waitForTheEnd(in);
            BackupHealth.Statistics numbers = session.manager().health().statistics();
            return new ForeverRun(
                    numbers.snapshotsTotal(),
                    numbers.snapshotFailuresTotal(),
                    Duration.between(begun, Instant.now()).toMillis());
        }
    }

    private static void waitForTheEnd(Invocation in) {
        while (!in.cancellation().isCancelled()) {
            try {
                Thread.sleep(LOOK_AGAIN.toMillis());
            } catch (InterruptedException e) {
                return; // That is how it is told to stop.
            }
        }
    }

    private static void tell(Invocation in, BackupEvent event) {
        if (event instanceof BackupEvent.SnapshotCompleted
                || event instanceof BackupEvent.SnapshotsPruned
                || event.severity() != AlertSeverity.INFO) {
            in.output().remark(Texts.time(event.at()) + " " + event.describe());
        }
    }

    @Override
    public void print(Page page) {
        page.line("took " + Texts.count(snapshots, "snapshot") + " in " + Texts.duration(Duration.ofMillis(ranMillis))
                + (failures == 0 ? "" : ", " + failures + " failed"));
    }
}
