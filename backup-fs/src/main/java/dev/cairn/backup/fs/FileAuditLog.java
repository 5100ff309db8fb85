package dev.cairn.backup.fs;

import dev.cairn.backup.AuditInUseException;
import dev.cairn.backup.AuditLog;
import dev.cairn.backup.AuditVerification;
import dev.cairn.backup.DamagedAuditException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.fs.audit.FileRetention;
import dev.cairn.backup.fs.audit.HeadRecord;
import dev.cairn.backup.fs.audit.LogOpening;
import dev.cairn.backup.fs.audit.LogPlace;
import dev.cairn.backup.fs.audit.Rotation;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.durable.FileIo;
import dev.cairn.backup.fs.tree.Places;
import dev.cairn.backup.spi.BlobName;
import dev.cairn.backup.spi.BlobStore;
import dev.cairn.backup.spi.Location;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An audit log in a folder: files {@code audit-<first line>.jsonl} of JSON lines, each with the hash of the one before. The format, and how to verify it with
 * nothing but a script, is told in the project's {@code docs/audit.md}.
 *
 * <pre>{@code
 * try (AuditLog audit = FileAuditLog.at(home.resolve("audit"), state).open()) {
 *     audit.append(AuditEvent.denied(clock.instant(), "member-7", "snapshot.restore", "snap-12"));
 * }
 * }</pre>
 *
 * <p>The head record, which tells where the log ends, lies in a blob store: the state store that the manager has too, or any other that those who can
 * write to the folder cannot write to. Neither folder nor store may lie within a dataset.
 *
 * <p>A file is begun when the present one has 16 MiB of lines, and on each day in UTC. All files are kept unless {@link #keepFiles} or {@link #keepFor} says
 * otherwise. Immutable: each method answers a changed copy. Thread-safe.
 */
public final class FileAuditLog {

    /** Least number of bytes for {@link #rotateAt}. */
    public static final long MIN_FILE_BYTES = 1024;

    /** Greatest number of bytes for {@link #rotateAt}. */
    public static final long MAX_FILE_BYTES = 1L << 30;

    private static final Rotation DEFAULT_ROTATION = new Rotation(16L << 20, Optional.of(ZoneOffset.UTC));

    private final LogPlace place;
    private final BlobStore state;
    private final String name;
    private final InstantSource clock;
    private final LogOpening.@Nullable Acceptance acceptance;

    private FileAuditLog(
            LogPlace place,
            BlobStore state,
            String name,
            InstantSource clock,
            LogOpening.@Nullable Acceptance acceptance) {
        this.place = place;
        this.state = state;
        this.name = name;
        this.clock = clock;
        this.acceptance = acceptance;
    }

    /**
     * A log in the folder. Touches nothing yet.
     *
     * @param state keeps the head record; not closed with the log
     */
    public static FileAuditLog at(Path folder, BlobStore state) {
        return new FileAuditLog(
                new LogPlace(folder, DEFAULT_ROTATION, FileRetention.ALL), state, "main", InstantSource.system(), null);
    }

    /**
     * With another name for its head record than {@code main}, for a state store that has to do with several logs.
     *
     * @param value one component of a {@link BlobName}
     * @throws InvalidValueException if it is none
     */
    public FileAuditLog named(String value) {
        if (!BlobName.isValidComponent(value)) {
            throw new InvalidValueException("name", value, "one component of a blob name");
        }
        return new FileAuditLog(place, state, value, clock, acceptance);
    }

    /**
     * Begins a new file before a line that finds so many bytes of lines in the present one. A file may exceed it by what callers append at one moment.
     *
     * @param bytes {@link #MIN_FILE_BYTES} to {@link #MAX_FILE_BYTES}; opening a log reads the last file
     */
    public FileAuditLog rotateAt(long bytes) {
        if (bytes < MIN_FILE_BYTES || bytes > MAX_FILE_BYTES) {
            throw new InvalidValueException("rotateAt", bytes, MIN_FILE_BYTES + " to " + MAX_FILE_BYTES + " bytes");
        }
        return with(new Rotation(bytes, place.rotation().daily()));
    }

    /** Begins a new file with the first line of each day in that zone. */
    public FileAuditLog daysIn(ZoneId zone) {
        return with(new Rotation(place.rotation().maxBytes(), Optional.of(zone)));
    }

    /** Begins a new file by size alone. */
    public FileAuditLog withoutDays() {
        return with(new Rotation(place.rotation().maxBytes(), Optional.empty()));
    }

    private FileAuditLog with(Rotation rotation) {
        return with(new LogPlace(place.folder(), rotation, place.retention()));
    }

    private FileAuditLog with(LogPlace changed) {
        return new FileAuditLog(changed, state, name, clock, acceptance);
    }

    /**
     * Lets old files go that are more than so many. Together with {@link #keepFor} a file goes only when both let it go. What went is told by a line, and the
     * head record knows where the log begins now.
     *
     * @param files at least 2, the present one counted
     */
    public FileAuditLog keepFiles(int files) {
        if (files < 2) {
            throw new InvalidValueException("keepFiles", files, "2 or more");
        }
        FileRetention retention =
                new FileRetention(OptionalInt.of(files), place.retention().age());
        return with(new LogPlace(place.folder(), place.rotation(), retention));
    }

    /**
     * Lets old files go whose last line is older; see {@link #keepFiles}.
     *
     * @param age positive
     */
    public FileAuditLog keepFor(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new InvalidValueException("keepFor", age, "a positive duration");
        }
        FileRetention retention = new FileRetention(place.retention().count(), Optional.of(age));
        return with(new LogPlace(place.folder(), place.rotation(), retention));
    }

    /** With another wall clock than the system's, for rotation, retention and the log's own lines. */
    public FileAuditLog clock(InstantSource value) {
        return new FileAuditLog(place, state, name, value, acceptance);
    }

    /**
     * Lets {@link #open} go on if the log is damaged: the old files are moved, unchanged, into a folder {@code set-aside-<n>} within the log's, and a new chain goes on with the
     * numbers. Its first event tells the operator, the reason and the damage. Incidents that were open are left with the old files.
     *
     * @param operator who, not blank
     * @param reason why, not blank
     */
    public FileAuditLog acceptDamage(String operator, String reason) {
        if (operator.isBlank() || reason.isBlank()) {
            throw new InvalidValueException("operator and reason", operator + ", " + reason, "a name and a reason");
        }
        return new FileAuditLog(place, state, name, clock, new LogOpening.Acceptance(operator, reason));
    }

    /**
     * Opens the log for writing; makes it if it does not exist. What a crash left of lines that were never acknowledged is moved to a file
     * {@code audit-<first line>.jsonl.torn-<n>} and told by a line; whole lines behind the last acknowledged one are kept, which a line tells too. Checks the file that holds the last acknowledged line; {@link AuditLog#verify} checks all.
     *
     * @throws AuditInUseException if this or another process has it open
     * @throws DamagedAuditException if acknowledged lines, or the head record, are missing or not what was written
     * @throws StoreException if the folder or the state store cannot be used
     */
    public AuditLog open() {
        try {
            return FileIo.call(() ->
                    new LogOpening(place, new HeadRecord(state, name), clock).open(Optional.ofNullable(acceptance)));
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Opening the audit log " + place.folder(), e);
        }
    }

    /**
     * Reads the whole log and compares it with its head record, without opening or changing anything. A line that a process is just writing counts as torn:
     * the one that has the log open asks {@link AuditLog#verify}.
     *
     * @throws StoreException if it cannot be read
     */
    public AuditVerification verify() {
        return verify(place.folder(), Optional.of(new HeadRecord(state, name)));
    }

    /**
     * Reads a whole log of which nothing but the files is at hand, such as one that was set aside. See {@link AuditVerification#endProven} for what
     * that cannot notice.
     *
     * @throws StoreException if it cannot be read
     */
    public static AuditVerification verifyWithoutHead(Path folder) {
        return verify(folder, Optional.empty());
    }

    private static AuditVerification verify(Path folder, Optional<HeadRecord> head) {
        try {
            return FileIo.call(() -> LogOpening.verify(folder, head));
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Reading the audit log " + folder, e);
        }
    }

    /** Where the log lies. */
    public Location location() {
        return Places.locate(place.folder());
    }
}
