package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.core.keys.KeySlot;
import dev.cairn.backup.fs.KeyFile;
import dev.cairn.backup.spi.KeyProvider;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets one more key open the repository. */
@Command(
        name = "add",
        description = {
            "Let one more key open the repository: a file, which is made if it is missing, or a variable of the environment.",
            "With --recovery-code the repository is opened by that code instead of the configured keys: for the day when they are lost."
        })
public final class KeysAddCommand extends Subcommand {

    /** Where the key is. */
    static final class Holder {

        @Option(names = "--file", paramLabel = "FILE", required = true, description = "A key file.")
        private @Nullable String file;

        @Option(
                names = "--environment",
                paramLabel = "VARIABLE",
                required = true,
                description = "A variable of the environment.")
        private @Nullable String variable;

        /** Made by picocli. */
        Holder() {}

        KeyProvider provider(Invocation in) {
            return file != null
                    ? KeyFile.at(in.around().folder().resolve(file))
                    : KeyProvider.environment(variable == null ? "" : variable);
        }
    }

    @ArgGroup(multiplicity = "1")
    private Holder holder = new Holder();

    @Option(names = "--label", paramLabel = "TEXT", required = true, description = "What to call it.")
    private String label = "";

    @Option(
            names = "--recovery-code",
            description = "Open the repository by the recovery code, which is read from the standard input.")
    private boolean byCode;

    @Mixin
    private CodeInput code = new CodeInput();

    /** Made by picocli. */
    KeysAddCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        KeyProvider provider = holder.provider(in);
        KeyRing ring = byCode ? KeyRing.of(in).openedBy(code.read(in)) : KeyRing.of(in);
        KeySlot slot = ring.with(keys -> keys.add(provider, label));
        return new Done("added", "slot " + slot.id() + " for " + provider.describe());
    }
}
