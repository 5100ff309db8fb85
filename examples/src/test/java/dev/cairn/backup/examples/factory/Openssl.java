package dev.cairn.backup.examples.factory;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Shell commands with openssl, as an operator types them. */
record Openssl(int exitCode, String output) {

    /** Skips what follows where OpenSSL 3 is not installed. */
    static void needed(Path folder) throws IOException, InterruptedException {
        assumeTrue(
                run(folder, Map.of(), "openssl version").output().startsWith("OpenSSL 3"),
                "OpenSSL 3 is not installed");
    }

    static Openssl run(Path folder, Map<String, String> environment, String script)
            throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder(List.of("sh", "-c", script))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().putAll(environment);
        Process process = shell.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("openssl did not end");
        }
        return new Openssl(process.exitValue(), output);
    }
}
