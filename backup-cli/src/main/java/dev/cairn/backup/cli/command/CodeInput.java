package dev.cairn.backup.cli.command;

import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.core.keys.RecoveryCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Reads a recovery code, never from an argument: those are in the shell's history and in every list of processes. */
final class CodeInput {

    @Option(
            names = "--code-file",
            paramLabel = "FILE",
            description = "Read the recovery code from this file instead of the standard input.")
    private @Nullable String file;

    /** Made by picocli. */
    CodeInput() {}

    RecoveryCode read(Invocation in) {
        try {
            if (file != null) {
                Path from = in.around().folder().resolve(file);
                if (Files.notExists(from) || Files.isDirectory(from)) {
                    throw new InvalidValueException("--code-file", from, "a file with the recovery code");
                }
                try (var bytes = Files.newInputStream(from)) {
                    return RecoveryCode.parse(text(bytes.readNBytes(Typed.MOST_BYTES)));
                }
            }
            if (in.around().terminal()) {
                in.around().err().print("recovery code: ");
                in.around().err().flush();
            }
            return RecoveryCode.parse(text(Typed.line(in, "reading the recovery code")));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static KeyException unreadable(Throwable cause) {
        return new KeyException(
                KeyException.Reason.UNAVAILABLE,
                "The recovery code cannot be read: " + cause,
                "Type it, or give a readable file with --code-file",
                cause);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
