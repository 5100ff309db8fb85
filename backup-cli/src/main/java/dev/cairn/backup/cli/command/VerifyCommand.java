package dev.cairn.backup.cli.command;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotManager;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import dev.cairn.backup.spi.SnapshotRepository;
import dev.cairn.backup.spi.StoredSnapshot;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads snapshots back. */
@Command(
        name = "verify",
        description = "Read snapshots back and compare every byte with its checksums; exit code 4 if one is damaged.")
public final class VerifyCommand extends Subcommand {

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The snapshots. Default: the newest.")
    private List<String> ids = List.of();

    @Option(names = "--all", description = "All of them, also those whose manifest is damaged.")
    private boolean all;

    /** Made by picocli. */
    VerifyCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        if (all && !ids.isEmpty()) {
            throw new InvalidValueException("--all", "with ids", "one of the two");
        }
        List<SnapshotId> named = ids.stream().map(SnapshotId::of).toList();
        try (Session session = in.standIn()) {
            SnapshotManager manager = session.manager();
            named.forEach(manager::get); // One that does not exist ends it before anything was read for an hour.
            List<SnapshotId> wanted = all ? known(manager.listAll()) : named.isEmpty() ? newest(manager) : named;
            List<VerifyAnswer.One> read = new ArrayList<>();
            for (SnapshotId id : wanted) {
                in.cancellation().throwIfCancelled("a verification");
                in.output().remark("reading " + id);
                read.add(VerifyAnswer.One.of(manager.verify(id)));
            }
            if (all) {
                read.addAll(damaged(in));
            }
            return new VerifyAnswer(read);
        }
    }

    private static List<SnapshotId> known(List<SnapshotMetadata> listed) {
        return listed.stream().map(SnapshotMetadata::id).toList();
    }

    private static List<SnapshotId> newest(SnapshotManager manager) {
        List<SnapshotId> known = known(manager.list());
        if (known.isEmpty()) {
            throw new InvalidValueException(
                    "ID", "none", "an id, since this installation has no snapshot yet; cairn list --all shows all");
        }
        return known.subList(known.size() - 1, known.size());
    }

    /** Those whose manifest is there and bad: they are in no list, and nothing but their names can be read. */
    private static List<VerifyAnswer.One> damaged(Invocation in) {
        try (SnapshotRepository repository = in.configuration().repository().repository()) {
            return repository.list().stream()
                    .flatMap(stored -> stored instanceof StoredSnapshot.Invalid invalid && !invalid.unfinished()
                            ? java.util.stream.Stream.of(
                                    VerifyAnswer.One.unreadable(invalid.id().value(), invalid.reason()))
                            : java.util.stream.Stream.empty())
                    .toList();
        }
    }
}
