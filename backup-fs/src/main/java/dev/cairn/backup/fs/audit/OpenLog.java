package dev.cairn.backup.fs.audit;

import dev.cairn.backup.AuditEvent;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditPosition;
import dev.cairn.backup.AuditVerification;
import dev.cairn.backup.Incident;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.LimitExceededException;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.fs.tree.Places;
import dev.cairn.backup.spi.Location;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log that this process writes to. */
final class OpenLog implements AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(OpenLog.class);

    private final Path folder;
    private final WriterLock lock;
    private final LogWriter writer;
    private final OpenIncidents incidents;
    private final ReadWriteLock files;
    private final GroupCommit commits;

    /**
     * @param files its write lock is held while old files are removed
     */
    OpenLog(Path folder, WriterLock lock, LogWriter writer, OpenIncidents incidents, ReadWriteLock files) {
        this.folder = folder;
        this.lock = lock;
        this.writer = writer;
        this.incidents = incidents;
        this.files = files;
        this.commits = new GroupCommit(this::write, folder.toString());
    }

    private List<AuditPosition> write(List<Draft> lines) {
        return onOwnThread(() -> writer.write(lines));
    }

    private <T> T onOwnThread(FileIo.Action<T> action) {
        try {
            return FileIo.call(action);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Reading the audit log " + folder, e);
        }
    }

    @Override
    public List<AuditPosition> append(List<AuditEvent> events) {
        if (events.size() > GroupCommit.MAX_LINES) {
            throw new LimitExceededException(
                    "number of events", events.size(), GroupCommit.MAX_LINES, "Append them in smaller lists");
        }
        return events.isEmpty()
                ? List.of()
                : commits.write(events.stream().<Draft>map(Draft.Event::new).toList());
    }

    @Override
    public Incident report(Incident.Report report) {
        return commits.alone(() -> {
            int open = incidents.all().size();
            if (open >= OpenIncidents.MAX) {
                throw new LimitExceededException(
                        "number of open incidents",
                        open + 1L,
                        OpenIncidents.MAX,
                        "Close those that are dealt with; append(event) still tells what happened");
            }
            AuditPosition position = write(List.of(new Draft.Opened(report))).get(0);
            return new Incident(Draft.Opened.idOf(position.sequence()), report, Optional.empty());
        });
    }

    @Override
    public Incident close(String id, Incident.Closing closing) {
        return commits.alone(() -> {
            Incident open = incidents
                    .find(id)
                    .orElseThrow(() -> new InvalidValueException(
                            "incident", id, "the id of an open incident, see openIncidents()"));
            write(List.of(new Draft.Closed(id, closing)));
            return new Incident(id, open.report(), Optional.of(closing));
        });
    }

    @Override
    public List<Incident> openIncidents() {
        return incidents.all();
    }

    @Override
    public AuditPosition head() {
        return writer.head().last();
    }

    @Override
    public AuditVerification verify() {
        files.readLock().lock();
        try {
            Extent extent = commits.alone(
                    () -> onOwnThread(() -> new Extent(AuditFile.list(folder), writer.length(), writer.head())));
            return onOwnThread(() -> ChainCheck.run(extent.files, extent.lastLength, extent.head));
        } finally {
            files.readLock().unlock();
        }
    }

    /** What the log was at one moment. */
    private record Extent(List<AuditFile> files, long lastLength, Head head) {}

    @Override
    public Optional<Location> location() {
        return Optional.of(Places.locate(folder));
    }

    @Override
    public Optional<Location> headLocation() {
        return writer.headLocation();
    }

    @Override
    public void close() {
        if (commits.close()) {
            try {
                FileIo.call(() -> {
                    writer.close();
                    lock.close();
                    return folder;
                });
            } catch (IOException e) {
                LOG.warn("The lock of the audit log {} could not be released", folder, e);
            }
        }
    }

    @Override
    public String toString() {
        return "audit log " + folder;
    }
}
