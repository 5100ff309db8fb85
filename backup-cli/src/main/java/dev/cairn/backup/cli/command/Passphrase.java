package dev.cairn.backup.cli.command;

import dev.cairn.backup.KeyException;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.core.archive.ArchiveKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The passphrase of an encrypted archive: never on a command line, which every user of the machine can read. */
final class Passphrase {

    @Option(
            names = "--passphrase-from",
            paramLabel = "VARIABLE",
            description =
                    "Encrypted, as 'openssl enc -aes-256-cbc -pbkdf2 -iter 600000' reads it; the passphrase is in that "
                            + "variable of the environment.")
    private @Nullable String variable;

    /** Made by picocli. */
    Passphrase() {}

    Optional<ArchiveKey> key(Invocation in) {
        if (variable == null) {
            return Optional.empty();
        }
        String value = in.around().environment().getOrDefault(variable, "");
        if (value.isEmpty()) {
            throw new KeyException(
                    KeyException.Reason.MISSING,
                    "The variable " + variable + " of the environment, which --passphrase-from names, is not set",
                    "Set it to the passphrase of the archive",
                    null);
        }
        return Optional.of(ArchiveKey.ofPassphrase(value.toCharArray()));
    }
}
