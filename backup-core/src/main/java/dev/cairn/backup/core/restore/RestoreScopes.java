package dev.cairn.backup.core.restore;

import dev.cairn.backup.RestoreRefusedException;
import dev.cairn.backup.RestoreRequest;
import dev.cairn.backup.spi.Dataset;
import dev.cairn.backup.spi.EntryCursor;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.RestoreScope;
import dev.cairn.backup.spi.SnapshotReader;
import java.util.List;

/** Whether parts of datasets can be restored as they are asked for. */
final class RestoreScopes {

    private RestoreScopes() {}

    /** @throws RestoreRefusedException if a dataset can only be restored whole, or the snapshot lacks a path */
    static void require(SnapshotReader reader, RestoreRequest request, List<Dataset> targets) {
        for (Dataset target : targets) {
            RestoreScope scope = request.scope(target.name());
            if (!scope.isWhole() && !target.restoresPaths()) {
                throw new RestoreRefusedException(
                        request.target(),
                        "Dataset '" + target.name() + "' of kind '" + target.kind()
                                + "' can only be restored whole, and "
                                + (scope.overlay() ? "an overlay" : "single paths") + " of it was asked for",
                        "Leave it out of the request, or restore it by itself and whole",
                        null);
            }
            for (EntryPath path : scope.paths()) {
                requirePath(reader, request, target, path);
            }
        }
    }

    private static void requirePath(SnapshotReader reader, RestoreRequest request, Dataset target, EntryPath path) {
        try (EntryCursor entries = reader.dataset(target.name()).entries(path)) {
            if (entries.next() == null) {
                throw new RestoreRefusedException(
                        request.target(),
                        "Snapshot '" + request.target() + "' has no path '" + path + "' in dataset '" + target.name()
                                + "'",
                        "Ask for a path that it has, or choose another snapshot",
                        null);
            }
        }
    }
}
