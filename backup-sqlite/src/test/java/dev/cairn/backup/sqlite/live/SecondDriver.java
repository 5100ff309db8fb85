package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.sqlite.SqliteDataset;
import dev.cairn.backup.testkit.RecordingCaptureContext;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sqlite.SQLiteJDBCLoader;

/** A process in which a second class loader brings a SQLite driver of its own, as a web container's application may. */
final class SecondDriver {

    static final String NAME = "application-of-a-container";

    private SecondDriver() {}

    /** What a process answers that loads it {@code first}, or {@code later}, after a good snapshot; with {@code count}, how many class loaders count before and after. */
    static List<String> run(Path database, String when) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SecondDriver.class.getName(),
                        database.toString(),
                        when)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> answers = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        process.waitFor();
        return answers;
    }

    public static void main(String[] args) throws Exception {
        Path database = Path.of(args[0]);
        if (args[1].equals("later")) {
            System.out.println(prepare(database));
        }
        URL jar = SQLiteJDBCLoader.class.getProtectionDomain().getCodeSource().getLocation();
        URL logger =
                org.slf4j.Logger.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader container =
                new URLClassLoader(NAME, new URL[] {jar, logger}, ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(container);
            Class<?> driver = Class.forName(SQLiteJDBCLoader.class.getName(), true, container);
            if (args[1].equals("later")) {
                System.out.println(prepare(database));
            }
            if (args[1].equals("count")) {
                System.out.println(NativeCopies.byClassLoader().size());
            }
            driver.getMethod("initialize").invoke(null);
            System.out.println(
                    args[1].equals("count") ? NativeCopies.byClassLoader().size() : prepare(database));
        }
    }

    private static String prepare(Path database) throws Exception {
        Path scratch = Files.createTempDirectory("second-driver");
        try {
            SqliteDataset.of("memory", database)
                    .prepare(RecordingCaptureContext.in(scratch))
                    .orElseThrow()
                    .close();
            return "prepared";
        } catch (SourceException e) {
            return e.getMessage();
        } finally {
            Files.deleteIfExists(scratch);
        }
    }
}
