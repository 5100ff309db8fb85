package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.config.Configuration;
import dev.cairn.backup.cli.config.RepositorySettings;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.session.Session;
import dev.cairn.backup.core.CairnBuilder;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.keys.RepositoryKeys;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Makes what the configuration describes. */
@Command(
        name = "init",
        description = "Make the repository, its key file and the state store; print the recovery code, once.")
public final class InitCommand extends Subcommand {

    /** Made by picocli. */
    InitCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        in.requireHostDown();
        Configuration configuration = in.configuration();
        boolean known = in.hasRepository();
        Optional<RecoveryCode> code = Optional.empty();
        try (Session session = Session.open(configuration, in.actor(), CairnBuilder::openWhileHostIsDown)) {
            session.manager().list(); // A store that cannot be reached lets a manager open, and says so here.
            if (!known && configuration.repository() instanceof RepositorySettings.Packed) {
                code = Optional.of(KeyRing.of(in).with(session.audit(), RepositoryKeys::newRecoveryCode));
            }
        }
        return new Initialised(
                !known,
                configuration.repository().type(),
                configuration.repository().path().toString(),
                configuration.state().toString(),
                code.map(RecoveryCode::printed).orElse(null));
    }
}
