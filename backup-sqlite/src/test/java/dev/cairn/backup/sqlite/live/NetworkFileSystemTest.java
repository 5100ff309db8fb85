package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.sqlite.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkFileSystemTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nfs",
                "nfs3",
                "nfs4",
                "cifs",
                "smb2",
                "smb3",
                "smbfs",
                "9p",
                "afs",
                "ceph",
                "lustre",
                "gfs",
                "gfs2",
                "glusterfs",
                "ncpfs",
                "vboxsf",
                "virtiofs",
                "fuse.sshfs",
                "fuse.glusterfs",
                "fuse.rclone",
                "CIFS",
                "webdav"
            })
    void typesThatMachinesShareAreKnown(String type) {
        assertTrue(NetworkFileSystem.isNetwork(type));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ext4",
                "xfs",
                "btrfs",
                "zfs",
                "tmpfs",
                "overlay",
                "apfs",
                "hfs",
                "NTFS",
                "ntfs3",
                "fuseblk",
                "vfat",
                "bcachefs",
                "f2fs",
                "nfsd",
                "autofs",
                "fuse.mergerfs",
                "fuse.gocryptfs",
                "fuse.fuse-overlayfs",
                "fuse",
                "ecryptfs",
                ""
            })
    void localTypesAndUnknownOnesAreNot(String type) {
        assertFalse(NetworkFileSystem.isNetwork(type));
    }

    @Test
    void aWindowsShareIsToldByItsRoot() {
        assertTrue(NetworkFileSystem.isUnc("\\\\server\\share\\"));
        assertFalse(NetworkFileSystem.isUnc("C:\\"));
        assertFalse(NetworkFileSystem.isUnc("/"));
    }

    @Test
    void aSnapshotFromAShareHasAWarningAndContinuousProtectionIsRefused() throws Exception {
        Path live = TestDatabase.counter(folder.resolve("memory.db"), "wal", 1).toRealPath();
        DatabaseSettings settings = new DatabaseSettings("memory", live, Duration.ZERO, false, Map.of());
        List<String> warnings = new ArrayList<>();
        CaptureGuard.requireReadable(
                settings, warnings::add, file -> Optional.of("nfs4").filter(x -> file.equals(live)));
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains(live.toString()) && warnings.get(0).contains("(nfs4)"), warnings.get(0));
        CaptureGuard.requireReadable(settings, warnings::add, file -> Optional.empty());
        assertEquals(1, warnings.size(), "none on a local disk");

        ContinuousGuard.requireLocal(settings, Optional.empty());
        SourceException refused =
                assertThrows(SourceException.class, () -> ContinuousGuard.requireLocal(settings, Optional.of("nfs4")));
        assertTrue(refused.getMessage().contains("(nfs4)") && refused.nextStep().contains("local disk"));
    }
}
