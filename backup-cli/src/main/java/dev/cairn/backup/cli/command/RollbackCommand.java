package dev.cairn.backup.cli.command;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.PastRestore;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.cli.output.Texts;
import dev.cairn.backup.cli.session.RestoreTurn;
import dev.cairn.backup.cli.session.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a restore back. */
@Command(
        name = "rollback",
        description =
                "Bring back the state before the last restore, or before the one whose report is in a file. What came "
                        + "after it in these datasets is replaced. A rollback is a restore: another one takes it back.")
public final class RollbackCommand extends Subcommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "RESTORE|FILE",
            description =
                    "The id of the last restore, to be sure that it is that one, or a file with what 'restore --json' answered.")
    private @Nullable String which;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask. Needed where there is no terminal.")
    private boolean yes;

    /** Made by picocli. */
    RollbackCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        try (Session session = in.standIn()) {
            RestoreTurn turn = RestoreTurn.take(in.configuration().state());
            try {
                SnapshotManager manager = session.manager();
                PastRestore restore = chosen(in, manager.lastRestore());
                if (!yes) {
                    Confirmation.ask(
                            in,
                            restore.snapshot(),
                            new Shown(restore),
                            "Bring back the state before " + restore.restoreId() + "?");
                }
                return rollback(in, manager, restore);
            } finally {
                turn.close();
            }
        }
    }

    private static Answer rollback(Invocation in, SnapshotManager manager, PastRestore restore) {
        try {
            return RestoreAnswer.of(manager.rollback(restore), in.configuration());
        } catch (RestoreRefusedException e) {
            List<String> ofHost = Pending.of(in.configuration(), restore.datasets());
            throw ofHost.isEmpty() ? e : halfOnly(restore, ofHost);
        }
    }

    /** What was restored while the host was down replaced values of its memory that nobody could read. */
    private static RestoreRefusedException halfOnly(PastRestore restore, List<String> ofHost) {
        String onDisk = restore.datasets().stream()
                .filter(name -> !ofHost.contains(name))
                .map(name -> " --dataset " + name)
                .collect(Collectors.joining());
        return new RestoreRefusedException(
                restore.snapshot(),
                restore.restoreId() + " replaced " + ofHost
                        + " of the host's memory as well, and no snapshot has what was there before it",
                "Start the host and choose another snapshot"
                        + restore.safetySnapshot()
                                .filter(safety -> !onDisk.isEmpty())
                                .map(safety ->
                                        ", or bring back only what lies on disk: cairn restore " + safety + onDisk)
                                .orElse(""),
                null);
    }

    private PastRestore chosen(Invocation in, Optional<PastRestore> last) {
        if (which == null) {
            return last.orElseThrow(() -> new InvalidValueException(
                    "restore", "", "a file with the report of a restore: this installation remembers none"));
        }
        if (last.isPresent() && last.get().restoreId().equals(which)) {
            return last.get();
        }
        Path file = in.around().folder().resolve(which);
        if (Files.isRegularFile(file)) {
            return ReportFile.read(file);
        }
        throw new InvalidValueException(
                "restore",
                which,
                "a file with the report of a restore"
                        + last.map(known -> ", or the last restore, '" + known.restoreId() + "'")
                                .orElse(""));
    }

    private record Shown(PastRestore restore) implements Answer {
        @Override
        public void print(Page page) {
            page.line(restore.restoreId() + " of " + Texts.time(restore.startedAt()) + " restored "
                    + String.join(", ", restore.datasets()) + " from " + restore.snapshot());
            restore.safetySnapshot().ifPresent(safety -> page.line("the state before is also in " + safety));
        }
    }
}
