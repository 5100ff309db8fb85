package dev.cairn.backup.sqlite.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells file systems whose files another machine may use at the same time: shares, cluster file systems, folders lent to a virtual machine. On them the
 * {@code -shm} of WAL mode is no memory that all users share, and locks may be broken or not seen by all of them
 * (https://www.sqlite.org/wal.html, "does not work over a network filesystem"; https://www.sqlite.org/howtocorrupt.html, 2.1).
 *
 * <p>What is not known counts as local: most FUSE programs are.
 */
final class NetworkFileSystem {

    /** As Linux, macOS and the BSDs name them; those of {@code smb} and {@code nfs} are told by their beginning. */
    private static final Set<String> TYPES = Set.of(
            // shares
            "cifs",
            "9p",
            "afs",
            "auristorfs",
            "coda",
            "ncpfs",
            "afpfs",
            "davfs",
            "webdav",
            // cluster and parallel file systems
            "ceph",
            "lustre",
            "gfs",
            "gfs2",
            "ocfs2",
            "glusterfs",
            "gpfs",
            "beegfs",
            "orangefs",
            "pvfs2",
            "panfs",
            // folders of the host of a virtual machine
            "vboxsf",
            "vmhgfs",
            "prl_fs",
            "virtiofs",
            "drvfs");

    /** Programs behind FUSE, by the subtype that they mount under. */
    private static final Set<String> FUSE_PROGRAMS = Set.of(
            "sshfs",
            "glusterfs",
            "ceph",
            "ceph-fuse",
            "cephfs",
            "moosefs",
            "mfs",
            "seaweedfs",
            "juicefs",
            "rclone",
            "s3fs",
            "goofys",
            "mount-s3",
            "mountpoint-s3",
            "gcsfuse",
            "blobfuse",
            "blobfuse2",
            "davfs",
            "davfs2",
            "curlftpfs",
            "smbnetfs",
            "gvfsd-fuse",
            "vmhgfs-fuse",
            "dfuse",
            "hdfs",
            "fuse_dfs",
            "s3ql",
            "cvmfs2",
            "onedriver",
            "google-drive-ocamlfuse");

    private NetworkFileSystem() {}

    /**
     * The type of the network file system that a file lies on; empty if it lies on none, or on none that is known. Asks for names and attributes
     * only.
     *
     * @param file an existing file, absolute, without symbolic links
     */
    static Optional<String> under(Path file) {
        if (isUnc(String.valueOf(file.getRoot()))) {
            return Optional.of("Windows share");
        }
        return type(file).filter(NetworkFileSystem::isNetwork);
    }

    private static Optional<String> type(Path file) {
        Optional<String> mounted = ProcFile.MOUNTS
                .lines()
                .map(MountTable::parse)
                .flatMap(table -> table.of(file, Device.of(file)))
                .map(MountTable.Mount::type);
        if (mounted.isPresent()) {
            return mounted;
        }
        try {
            return Optional.of(Files.getFileStore(file).type());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether a type of file system is one that machines share. */
    static boolean isNetwork(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        if (name.startsWith("fuse.")) {
            return FUSE_PROGRAMS.contains(name.substring("fuse.".length()));
        }
        // Not nfsd, which is the server's own table.
        return TYPES.contains(name) || name.startsWith("smb") || name.equals("nfs") || name.matches("nfs\\d");
    }

    /** Whether a root is that of a share, {@code \\server\share\}, which Windows calls NTFS like a local disk. */
    static boolean isUnc(String root) {
        return root.startsWith("\\\\");
    }
}
