package dev.cairn.backup.examples.sonia;

import dev.cairn.backup.core.packed.PackedRepository;
import dev.cairn.backup.fs.FileBlobStore;
import dev.cairn.backup.fs.FileScratch;
import dev.cairn.backup.fs.KeyFile;
import dev.cairn.backup.spi.KeyProvider;
import java.nio.file.Path;

/**
 * Where one installation keeps its things. Each of the three paths is a disk of its own in earnest.
 *
 * @param root the machine: its disk {@code S} with the data, and {@code C} with the operator's profile, which holds the key
 * @param backups another disk: the repository, readable files of the gateway's state, databases written out, bundles of failed drills
 * @param share a network share or a further disk that has a copy of the repository
 */
public record SoniaPlace(Path root, Path backups, Path share) {

    /** With the backups in {@code D} and the share in {@code share}, below the root. */
    public static SoniaPlace at(Path root) {
        return new SoniaPlace(root, root.resolve("D"), root.resolve("share"));
    }

    /** As a command line says: the root, {@code --backups} and {@code --share}. */
    public static SoniaPlace of(Options options) {
        SoniaPlace usual = at(options.folder());
        return new SoniaPlace(
                usual.root(),
                options.value("backups").map(Path::of).orElse(usual.backups()),
                options.value("share").map(Path::of).orElse(usual.share()));
    }

    /** The disk with the data. */
    public Path disk() {
        return root.resolve("S");
    }

    /** The database. */
    public Path database() {
        return disk().resolve("data").resolve("memory.db");
    }

    /** Where the gateway's tools write. */
    public Path files() {
        return disk().resolve("files");
    }

    /** What the engine remembers of one service. A service that is down and the command that restores in its place have the same. */
    public FileBlobStore state(String service) {
        return FileBlobStore.at(disk().resolve("backup-state").resolve(service));
    }

    /** Room for temporary copies of one service. */
    public FileScratch scratch(String service) {
        return FileScratch.at(disk().resolve("backup-scratch").resolve(service));
    }

    /** The audit log of one service. */
    public Path audit(String service) {
        return disk().resolve("audit").resolve(service);
    }

    /** The key of the repository: neither beside the data nor beside the backups. */
    public Path key() {
        return root.resolve("C").resolve("backup.key");
    }

    /** Where the repository lies. */
    public FileBlobStore repositoryStore() {
        return FileBlobStore.at(backups.resolve("repository"));
    }

    /** The repository; a new object at each call. */
    public PackedRepository repository() {
        return PackedRepository.at(repositoryStore(), KeyFile.at(key()));
    }

    /** The copy of the repository on the share, opened by whatever key there still is. */
    public PackedRepository copyOnShare(KeyProvider key) {
        return PackedRepository.at(shareStore(), key);
    }

    /** Where the copy lies. */
    public FileBlobStore shareStore() {
        return FileBlobStore.at(share.resolve("repository"));
    }

    /** Readable files of the gateway's state. */
    public Path stateFiles() {
        return backups.resolve("state");
    }

    /** Databases that an operator had written out. */
    public Path databaseFiles() {
        return backups.resolve("db");
    }

    /** Bundles of failed drills. */
    public Path incidents() {
        return backups.resolve("incidents");
    }
}
