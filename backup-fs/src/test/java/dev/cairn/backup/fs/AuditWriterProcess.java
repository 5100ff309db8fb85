package dev.cairn.backup.fs;

import dev.cairn.backup.AuditLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Another process that has the log open: says "open", and then the number of each event that it has appended, until it is killed. */
final class AuditWriterProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;

    private AuditWriterProcess(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static AuditWriterProcess start(Path folder, Path state) throws IOException {
        return new AuditWriterProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AuditWriterProcess.class.getName(),
                        folder.toString(),
                        state.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** What it says next; null once it has ended and all was heard. */
    String hear() throws IOException {
        return answers.readLine();
    }

    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // Unlike the process' own, this one leaves what it has said to be heard.
        process.waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        answers.close();
    }

    /** The other process. */
    public static void main(String[] arguments) {
        FileBlobStore state = FileBlobStore.at(Path.of(arguments[1]));
        try (AuditLog log = FileAuditLog.at(Path.of(arguments[0]), state)
                .rotateAt(FileAuditLog.MIN_FILE_BYTES)
                .open()) {
            System.out.println("open");
            for (int i = 0; i < 1_000_000; i++) {
                log.append(AuditLines.event(Integer.toString(i)));
                System.out.println(i);
            }
        }
    }
}
