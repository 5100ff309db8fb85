package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.core.keys.RecoveryCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Confirms a recovery code. */
@Command(name = "confirm", description = "Prove that you hold the recovery code; it is read from the standard input.")
public final class KeysConfirmCommand extends Subcommand {

    @Mixin
    private CodeInput input = new CodeInput();

    /** Made by picocli. */
    KeysConfirmCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        in.configuration(); // Whatever is wrong with it is told before anybody types 56 characters.
        RecoveryCode code = input.read(in);
        return KeyRing.of(in).with(keys -> {
            keys.confirmRecovery(code, in.actor().id());
            return new Done("confirmed", "the recovery code, by " + in.actor().id());
        });
    }
}
