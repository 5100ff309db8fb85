package dev.cairn.backup.core.archive;

import dev.cairn.backup.SnapshotMetadata;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.SnapshotReader;
import dev.cairn.backup.spi.SnapshotRepository;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HexFormat;
import java.util.function.BiConsumer;
import javax.crypto.Cipher;

/**
 * A snapshot, or some datasets of it, as one file: a tar that GNU tar lists and unpacks, from which the same snapshot can be made in any repository.
 *
 * <pre>
 * cairn-manifest.json          what the snapshot says of itself, and how many entries and bytes each dataset has
 * datasets/&lt;dataset&gt;/&lt;path&gt;    the entries, dataset by dataset in the order of the manifest, each in path order
 * cairn-digests.json           SHA-256 of the manifest and of the entries of each dataset
 * </pre>
 *
 * <p>The same snapshot gives the same bytes in the same format, whoever exports it and when, with one version of Java and zstd; an encrypted archive has a salt
 * and differs each time. What identifies a file's state at its source ({@link dev.cairn.backup.spi.EntryAttributes.Identity}) is left out: a file that was carried
 * about must not decide what later snapshots need not read.
 *
 * <p>Streams of the caller's are never closed. All methods are safe for many threads.
 */
public final class SnapshotArchive {

    private SnapshotArchive() {}

    /**
     * Writes an archive. Memory does not grow with the contents.
     *
     * <p>After a failure the stream holds the beginning of an archive that no import accepts.
     *
     * @param out takes the archive; flushed at the end
     * @throws dev.cairn.backup.InvalidValueException if the snapshot has no dataset of a name that was asked for, or an entry that no tar can carry
     * @throws dev.cairn.backup.DamagedSnapshotException if the snapshot cannot be read
     * @throws dev.cairn.backup.StoreException if the stream or a content fails
     * @throws dev.cairn.backup.BackupCancelledException if it was cancelled
     */
    public static ExportReport export(SnapshotReader snapshot, ExportRequest request, OutputStream out) {
        return new ArchiveExport(snapshot, request).to(out);
    }

    /**
     * Makes a snapshot of an archive that {@link #export} made. All is checked before the snapshot is committed: after any failure there is none, at most a
     * remnant that a later prune removes. Larger contents are kept in scratch, of one dataset at a time; memory does not grow with them.
     *
     * <p>The snapshot has an id and number of its repository, is of the lineage {@code imported}, and keeps its instant, version, label, datasets and counts. It is
     * manual and of no schedule, so that it neither counts as one of a schedule's snapshots nor is removed as one. Parent and the snapshot that it was taken
     * for are not taken over, for they name snapshots of another repository. A warning in its manifest tells where it came from.
     *
     * @param in the archive; read to its end
     * @return the committed snapshot
     * @throws DamagedArchiveException if it is cut, altered or none of ours
     * @throws dev.cairn.backup.KeyException if it is encrypted and there is no key ({@code MISSING}), or the key does not open it ({@code WRONG})
     * @throws dev.cairn.backup.UnsupportedFormatException if a newer version wrote it
     * @throws dev.cairn.backup.LimitExceededException if its contents are more than was allowed, or than scratch has room for
     * @throws dev.cairn.backup.SnapshotExistsException if the id is or was in use
     * @throws dev.cairn.backup.StoreException if a stream, scratch or the repository fails
     * @throws dev.cairn.backup.BackupCancelledException if it was cancelled
     */
    public static SnapshotMetadata importSnapshot(
            InputStream in, SnapshotRepository repository, ImportRequest request) {
        return new ArchiveImport(request).into(repository, in);
    }

    /**
     * Reads an archive to its end and checks all that an import would check, without making anything.
     *
     * @param in the archive; read to its end
     * @param request as for an import; naming and scratch are not used
     * @return the snapshot as it was when it was exported
     * @throws dev.cairn.backup.BackupException as {@link #importSnapshot}
     */
    public static SnapshotMetadata verify(InputStream in, ImportRequest request) {
        return verify(in, request, (dataset, path) -> {});
    }

    /**
     * The same, and lists what is in it.
     *
     * @param found told of each entry, dataset and path, in the order of the archive; what it was told counts only when this returns, for the end may show that the archive was altered
     */
    public static SnapshotMetadata verify(InputStream in, ImportRequest request, BiConsumer<String, EntryPath> found) {
        return new ArchiveImport(request).verify(in, found);
    }

    /**
     * The MAC of an encrypted archive, for whoever checks one before it is opened with other tools.
     *
     * @param in the archive; read to its end
     * @return 64 hexadecimal digits, to be compared with those of {@link ExportReport#mac}
     * @throws DamagedArchiveException if it is not encrypted
     * @throws IOException if the stream fails
     */
    public static String mac(InputStream in, ArchiveKey key) throws IOException {
        byte[] head = SealedInput.head(in);
        ArchiveKey.Derived derived = key.derive(Cipher.DECRYPT_MODE, SealedInput.salt(head));
        derived.mac().update(head);
        byte[] piece = new byte[64 * 1024];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            derived.mac().update(piece, 0, count);
        }
        return HexFormat.of().formatHex(derived.mac().doFinal());
    }
}
