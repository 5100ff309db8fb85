package dev.cairn.backup.cli;

import dev.cairn.backup.CancellationToken;
import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command finds around it. Tests and programs that run commands within their own process give others than the process's.
 *
 * @param folder where relative paths of the command line begin
 * @param environment variables by name
 * @param in for what is typed
 * @param out for answers
 * @param err for errors and progress
 * @param terminal whether people look at {@code out} and {@code err}
 * @param user who calls, for the audit log
 * @param cancellation asks running operations to stop
 */
public record Surroundings(
        Path folder,
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        String user,
        CancellationToken cancellation) {

    /** Copies the map. */
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Those of this process. */
    public static Surroundings ofProcess() {
        return new Surroundings(
                Path.of("").toAbsolutePath(),
                System.getenv(),
                System.in,
                System.out,
                System.err,
                isTerminal(System.console()),
                System.getProperty("user.name", "unknown"),
                new CancellationToken());
    }

    /** From JDK 22 on there is a console also where there is no terminal, and a method that tells, which 17 does not have. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
