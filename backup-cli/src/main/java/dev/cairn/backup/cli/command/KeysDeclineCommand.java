package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Declines a recovery code. */
@Command(name = "decline", description = "Note that no recovery code is wanted. Codes that exist stay valid.")
public final class KeysDeclineCommand extends Subcommand {

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why, 1 to 200 characters.")
    private String reason = "";

    /** Made by picocli. */
    KeysDeclineCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        return KeyRing.of(in).with(keys -> {
            keys.declineRecovery(in.actor().id(), reason);
            return new Done("declined", "a recovery code, by " + in.actor().id() + ": " + reason);
        });
    }
}
