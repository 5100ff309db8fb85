package dev.cairn.backup.testkit;

import dev.cairn.backup.DamagedSnapshotException;
import dev.cairn.backup.DatasetSummary;
import dev.cairn.backup.SnapshotId;
import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.EntryCursor;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;

/** Reads one dataset of a {@link PlainRepository}. */
record PlainReader(PlainRepository repository, SnapshotMetadata snapshot, DatasetSummary summary)
        implements DatasetReader {

    @Override
    public EntryCursor entries() {
        SnapshotId id = snapshot.id();
        String folder = "data/" + id + "/" + summary.name() + "/";
        byte[] sealed = repository.get(id, folder + "listing");
        return PlainFormat.damagedUnless(
                id,
                folder + "listing",
                () -> EntryCursor.of(PlainFormat.entries(
                        PlainFormat.unsealed(sealed, id + "/" + summary.name()),
                        (number, digest) -> open(id, folder + number, digest))));
    }

    private InputStream open(SnapshotId id, String name, byte[] digest) {
        byte[] bytes = repository.get(id, name);
        if (!Arrays.equals(PlainFormat.digest(bytes, ""), digest)) {
            throw new DamagedSnapshotException(id, name, "does not match its checksum", null);
        }
        return new ByteArrayInputStream(bytes);
    }
}
