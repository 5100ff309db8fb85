package dev.cairn.backup.cli.command;

import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.core.keys.RecoveryCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Reads a recovery code, never from an argument: those are in the shell's history and in every list of processes. */
final class CodeInput {

    private static final int MOST_BYTES = 1024;

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
                try (var bytes = Files.newInputStream(from)) {
                    return RecoveryCode.parse(text(bytes.readNBytes(MOST_BYTES)));
                }
            }
            if (in.around().terminal()) {
                in.around().err().print("recovery code: ");
                in.around().err().flush();
            }
            return RecoveryCode.parse(text(typed(in)));
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

    /** Read by a thread of its own: nothing else can interrupt somebody who stopped typing. */
    private static byte[] typed(Invocation in) {
        FutureTask<byte[]> reading = new FutureTask<>(() -> line(in));
        Thread reader = new Thread(reading, "cairn-typed");
        reader.setDaemon(true);
        reader.start();
        try {
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException("reading the recovery code");
        } catch (ExecutionException e) {
            throw unreadable(e.getCause() == null ? e : e.getCause());
        }
    }

    private static byte[] line(Invocation in) throws IOException {
        byte[] bytes = new byte[MOST_BYTES];
        int count = 0;
        for (int b = in.around().in().read();
                b >= 0 && b != '\n' && count < bytes.length;
                b = in.around().in().read()) {
            bytes[count++] = (byte) b;
        }
        return Arrays.copyOf(bytes, count);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
