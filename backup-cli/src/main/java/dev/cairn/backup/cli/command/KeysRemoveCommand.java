package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a key slot. */
@Command(
        name = "remove",
        description = "Remove a slot, never the last reliable one. Its holder can open the repository no more.")
public final class KeysRemoveCommand extends Subcommand {

    @Parameters(paramLabel = "SLOT", description = "Its id, as 'cairn keys list' shows it.")
    private String slot = "";

    /** Made by picocli. */
    KeysRemoveCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        return KeyRing.of(in).with(keys -> {
            keys.remove(slot);
            return new Done("removed", "slot " + slot);
        });
    }
}
