package dev.cairn.backup.cli.command;

import dev.cairn.backup.BackupHealth;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import dev.cairn.backup.spi.SnapshotRepository;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** Tells how well the host is protected. */
@Command(
        name = "status",
        description =
                "Tell how well everything is protected, measured against schedules and objectives; exit code 1 if degraded.")
public final class StatusCommand extends Subcommand {

    /** Made by picocli. */
    StatusCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        try (Session session = in.operate(builder -> builder)) {
            session.manager().list(); // A store that cannot be reached is an error here, not a degraded health.
            BackupHealth health = session.manager().health();
            // Health speaks of what was met since it opened, and this manager has only just been.
            List<String> problems = new ArrayList<>(health.problems());
            keyProblems(in).stream().filter(one -> !problems.contains(one)).forEach(problems::add);
            health.datasets().stream()
                    .filter(dataset -> dataset.newest().isEmpty())
                    .forEach(dataset -> problems.add(
                            "dataset '" + dataset.dataset() + "' has no snapshot to restore; run: cairn run"));
            return StatusAnswer.of(health, problems);
        }
    }

    private static List<String> keyProblems(Invocation in) {
        try (SnapshotRepository repository = in.configuration().repository().repository()) {
            repository.open();
            return repository.problems();
        }
    }
}
