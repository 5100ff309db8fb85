package dev.cairn.backup.core.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.AuditVerification;
import dev.cairn.backup.Incident;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.spi.Location;
import dev.cairn.backup.testkit.MemoryBlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A real log in a folder that can be read back from its files, and broken and mended. */
public final class WrittenLog implements AuditLog {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final AuditLog log;
    private volatile boolean broken;
    private volatile boolean dying;

    private WrittenLog(Path folder) {
        this.folder = folder;
        this.log = FileAuditLog.at(folder, new MemoryBlobStore()).open();
    }

    public static WrittenLog in(Path folder) {
        return new WrittenLog(folder);
    }

    public void breakIt() {
        broken = true;
    }

    /** From now on it throws errors, as one does whose classes are gone or whose memory is. */
    public void makeItDie() {
        dying = true;
    }

    public void mend() {
        broken = false;
        dying = false;
    }

    private AuditLog whole() {
        if (dying) {
            throw new NoClassDefFoundError("a class of the log");
        }
        if (broken) {
            throw new StoreException(StoreException.Reason.FULL, "The disk is full", "Make room", null);
        }
        return log;
    }

    /** The events in the files, oldest first. */
    public List<JsonNode> entries() {
        try (Stream<Path> files = Files.list(folder)) {
            List<JsonNode> entries = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    JsonNode entry = JSON.readTree(line);
                    if (entry.get("kind").asText().equals("event")) {
                        entries.add(entry);
                    }
                }
            }
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Action, target, outcome and actor of each event. */
    public List<String> lines() {
        return entries().stream()
                .map(entry -> String.join(
                        " ",
                        entry.get("action").asText(),
                        entry.get("target").asText(),
                        entry.get("outcome").asText(),
                        entry.get("actor").asText()))
                .toList();
    }

    /** Those since a count of {@link #lines} was taken. */
    public List<String> linesFrom(int first) {
        List<String> all = lines();
        return all.subList(first, all.size());
    }

    /** Code, severity and what it is about of each open incident. */
    public List<String> incidents() {
        return log.openIncidents().stream()
                .map(incident -> incident.report().kind().code() + " "
                        + incident.report().kind().severity() + " "
                        + incident.report().related())
                .toList();
    }

    public boolean isIntact() {
        return FileAuditLog.verifyWithoutHead(folder).intact();
    }

    @Override
    public List<AuditPosition> append(List<AuditEvent> events) {
        return whole().append(events);
    }

    @Override
    public Incident report(Incident.Report report) {
        return whole().report(report);
    }

    @Override
    public Incident close(String incident, Incident.Closing closing) {
        return whole().close(incident, closing);
    }

    @Override
    public List<Incident> openIncidents() {
        return log.openIncidents();
    }

    @Override
    public AuditPosition head() {
        return log.head();
    }

    @Override
    public AuditVerification verify() {
        return log.verify();
    }

    @Override
    public Optional<Location> location() {
        return log.location();
    }

    @Override
    public void close() {
        log.close();
    }
}
