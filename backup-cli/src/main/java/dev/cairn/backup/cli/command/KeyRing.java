package dev.cairn.backup.cli.command;

import dev.cairn.backup.AuditLog;
import dev.cairn.backup.ConfigurationException;
import dev.cairn.backup.cli.Invocation;
import dev.cairn.backup.cli.config.RepositorySettings;
import dev.cairn.backup.core.Cairn;
import dev.cairn.backup.core.keys.RecoveryCode;
import dev.cairn.backup.core.keys.RepositoryKeys;
import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileAuditLog;
import dev.cairn.backup.fs.FileBlobStore;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys of the configured repository; each use is a line of the audit log, if there is one. No snapshot is looked at, so that keys can be mended on their own. */
final class KeyRing {

    private final Invocation in;
    private final @Nullable RecoveryCode code;

    private KeyRing(Invocation in, @Nullable RecoveryCode code) {
        this.in = in;
        this.code = code;
    }

    /** Opened by the configured keys. */
    static KeyRing of(Invocation in) {
        return new KeyRing(in, null);
    }

    /** Opened by a recovery code instead, because the keys are lost. */
    KeyRing openedBy(RecoveryCode recovery) {
        return new KeyRing(in, recovery);
    }

    <T> T with(Function<RepositoryKeys, T> work) {
        in.requireHostDown();
        in.requireRepository();
        Optional<AuditLog> log = in.configuration()
                .audit()
                .map(folder ->
                        FileAuditLog.at(folder, in.configuration().stateStore()).open());
        try {
            return with(log, work);
        } finally {
            log.ifPresent(AuditLog::close);
        }
    }

    <T> T with(Optional<AuditLog> log, Function<RepositoryKeys, T> work) {
        RepositorySettings settings = in.configuration().repository();
        if (!(settings instanceof RepositorySettings.Packed packed)) {
            throw new ConfigurationException(
                    "The " + settings.type() + " repository " + settings.path() + " has no keys: it is plaintext",
                    "Use a packed repository for snapshots that nobody else may read");
        }
        try (PackedRepository repository = code == null
                ? packed.repository()
                : PackedRepository.at(FileBlobStore.at(packed.path()), code.asKey())) {
            RepositoryKeys keys = repository.keys();
            return work.apply(log.map(it -> Cairn.audited(keys, it, in.actor())).orElse(keys));
        }
    }
}
