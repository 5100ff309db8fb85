package dev.cairn.backup.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Options for a process that makes one backup and ends. What is called once a file is not worth the optimising compiler, which takes a quarter of such a process's time on two cores; ciphers,
 * digests and cutting are. The list of what it leaves alone is {@code compiler.json}. A host that runs for longer needs none of this.
 */
final class ShortLivedJvm {

    private ShortLivedJvm() {}

    /**
     * The options.
     *
     * @param folder where the list is put
     */
    static List<String> options(Path folder) {
        Path list = folder.resolve("compiler.json");
        try (InputStream in = ShortLivedJvm.class.getResourceAsStream("compiler.json")) {
            if (in == null) {
                throw new IllegalStateException("compiler.json is not beside its class");
            }
            Files.createDirectories(folder);
            Files.copy(in, list, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException("compiler.json cannot be put into " + folder, e);
        }
        return List.of("-XX:+UseSerialGC", "-XX:+UnlockDiagnosticVMOptions", "-XX:CompilerDirectivesFile=" + list);
    }
}
