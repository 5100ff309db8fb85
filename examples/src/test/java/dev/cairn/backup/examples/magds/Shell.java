package dev.cairn.backup.examples.magds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.backup.CancellationToken;
import dev.cairn.backup.cli.CommandLines;
import dev.cairn.backup.cli.Surroundings;
import dev.cairn.backup.examples.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code mag} in this process: the very command line, without the second that a JVM needs to start. */
record Shell(Kernel kernel) {

    /** A kernel at turn 1 with a configuration. */
    static Shell in(Path folder, String config) throws Exception {
        return new Shell(
                Kernel.at(Files.createDirectories(folder)).configured(config).turn(1));
    }

    MagRun mag(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings around = new Surroundings(
                kernel.place().root(),
                Map.of(),
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                "operator",
                new CancellationToken());
        int code = CommandLines.run(Mag.class, around, args);
        return new MagRun(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The id of a backup that must succeed. */
    String run(String... args) {
        String[] all =
                Stream.concat(Stream.of("magds:backup", "run"), Stream.of(args)).toArray(String[]::new);
        MagRun run = mag(all);
        if (run.exitCode() != 0) {
            throw new AssertionError(run.toString());
        }
        return run.line("backup:");
    }

    JsonNode json(String... args) {
        return Json.read(mag(args).out());
    }

    /** The audit lines of an action. */
    List<JsonNode> audit(String action) {
        return files(kernel.place().audit()).entrySet().stream()
                .filter(file -> file.getKey().endsWith(".jsonl"))
                .flatMap(file -> file.getValue().lines())
                .map(Json::read)
                .filter(line -> line.path("action").asText().equals(action))
                .toList();
    }

    List<String> listed() throws IOException {
        try (Stream<Path> backups = Files.list(kernel.backups())) {
            return backups.map(backup -> String.valueOf(backup.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    /** The files below a folder by their paths, each with its hash. */
    static SortedMap<String, String> hashes(Path folder) {
        SortedMap<String, String> files = files(folder);
        files.replaceAll((path, text) -> LiveHash.of("MD5", text.getBytes(StandardCharsets.ISO_8859_1)));
        return files;
    }

    /** The files below a folder by their paths, each with its content. */
    static SortedMap<String, String> files(Path folder) {
        SortedMap<String, String> files = new TreeMap<>();
        if (!Files.exists(folder)) {
            return files;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }
}
