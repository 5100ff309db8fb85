package dev.cairn.backup.cli.command;

import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.Subcommand;
import dev.cairn.backup.cli.output.Answer;
import dev.cairn.backup.cli.output.Page;
import dev.cairn.backup.core.keys.RepositoryKeys;
import picocli.CommandLine.Command;

/** Makes a recovery code. */
@Command(
        name = "recovery",
        description = "Make a recovery code and print it, once. Codes that nobody has confirmed are void from then on.")
public final class KeysRecoveryCommand extends Subcommand {

    /** Made by picocli. */
    KeysRecoveryCommand() {}

    @Override
    protected Answer answer(Invocation in) {
        return new Made(KeyRing.of(in).with(RepositoryKeys::newRecoveryCode).printed());
    }

    /**
     * What {@code keys recovery} answers.
     *
     * @param recoveryCode the code, which nobody can show again
     */
    public record Made(String recoveryCode) implements Answer {

        @Override
        public void print(Page page) {
            Initialised.code(page, recoveryCode);
        }

        @Override
        public void printQuietly(Page page) {
            print(page);
        }

        /** A secret. */
        @Override
        public String toString() {
            return "recovery code (not shown)";
        }
    }
}
