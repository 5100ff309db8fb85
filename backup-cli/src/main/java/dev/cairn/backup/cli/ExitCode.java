package dev.cairn.backup.cli;

import dev.cairn.backup.AuditInUseException;
import dev.cairn.backup.AuditUnavailableException;
import dev.cairn.backup.BackupBusyException;
import dev.cairn.backup.BackupCancelledException;
import dev.cairn.backup.BackupException;
import dev.cairn.backup.BlobNotFoundException;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.DamagedAuditException;
import dev.cairn.backup.DamagedReceiptException;
import dev.cairn.backup.DamagedRepositoryException;
import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetInUseException;
import dev.cairn.backup.InvalidValueException;
import dev.cairn.backup.KeyException;
import dev.cairn.backup.OperationRefusedException;
import dev.cairn.backup.RestorePendingException;
import dev.cairn.backup.RestorePointNotFoundException;
import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.SnapshotExistsException;
import dev.cairn.backup.SnapshotNotFoundException;
import dev.cairn.backup.StoreException;
import dev.cairn.backup.cli.config.InvalidConfigurationException;
import dev.cairn.backup.core.archive.DamagedArchiveException;
import java.util.Map;

/** How a command ends. The numbers are part of the interface and never change. */
public enum ExitCode {
    /** What was asked for is done. */
    DONE(0),
    /** It failed; the message tells why. Nothing was done by halves. */
    FAILED(1),
    /** The command line or the configuration is wrong, or names what does not exist. Nothing was done. */
    USAGE(2),
    /** It was refused: by a restore's verdict, because something or somebody else is busy, because the host runs, or because an approval is missing. Nothing was done. */
    REFUSED(3),
    /** Damage or a difference was found: by verify, check or diff, or in what a command needed. */
    DAMAGE(4),
    /** It is done as far as it can be while the host is down; the rest waits for the host's next start. */
    PENDING(5),
    /** The store, or the holder of the key, cannot be reached, or the store is full. */
    STORE(6),
    /** It was cancelled, as by Ctrl-C: 128 and the number of the signal, as shells have it. */
    CANCELLED(130);

    private static final Map<Class<? extends BackupException>, ExitCode> BY_TYPE = Map.ofEntries(
            Map.entry(InvalidValueException.class, USAGE),
            Map.entry(ConfigurationException.class, USAGE),
            Map.entry(InvalidConfigurationException.class, USAGE),
            Map.entry(SnapshotNotFoundException.class, USAGE),
            Map.entry(RestorePointNotFoundException.class, USAGE),
            Map.entry(RestoreRefusedException.class, REFUSED),
            Map.entry(RestorePendingException.class, REFUSED),
            Map.entry(BackupBusyException.class, REFUSED),
            Map.entry(DatasetInUseException.class, REFUSED),
            Map.entry(OperationRefusedException.class, REFUSED),
            Map.entry(SnapshotExistsException.class, REFUSED),
            Map.entry(AuditInUseException.class, REFUSED),
            Map.entry(AuditUnavailableException.class, REFUSED),
            Map.entry(HostRunsException.class, REFUSED),
            Map.entry(DamagedSnapshotException.class, DAMAGE),
            Map.entry(DamagedRepositoryException.class, DAMAGE),
            Map.entry(DamagedReceiptException.class, DAMAGE),
            Map.entry(DamagedAuditException.class, DAMAGE),
            Map.entry(DamagedArchiveException.class, DAMAGE),
            Map.entry(BlobNotFoundException.class, DAMAGE),
            Map.entry(BackupCancelledException.class, CANCELLED));

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The number. */
    public int code() {
        return code;
    }

    /** How a command ends that failed so; {@link #FAILED} for what is named nowhere else. */
    public static ExitCode of(BackupException failure) {
        if (failure instanceof StoreException store) {
            return switch (store.reason()) {
                case UNREACHABLE, FULL -> STORE;
                case DENIED, OUTCOME_UNKNOWN, UNSUPPORTED, IO -> FAILED;
            };
        }
        if (failure instanceof KeyException key) {
            return switch (key.reason()) {
                case MISSING, WRONG, MALFORMED -> USAGE;
                case SLOT_DAMAGED -> DAMAGE;
                case UNAVAILABLE -> STORE;
            };
        }
        return of(failure.getClass());
    }

    /** The same for all of a type; what has reasons of its own is told apart by {@link #of(BackupException)} only. */
    static ExitCode of(Class<? extends BackupException> type) {
        return BY_TYPE.getOrDefault(type, FAILED);
    }
}
