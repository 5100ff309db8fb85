package dev.cairn.backup.sqlite.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as real systems show them. */
class MountTableTest {

    private static final List<String> SERVER = List.of(
            "22 28 0:21 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw",
            "28 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/vg0-root rw,errors=remount-ro",
            "96 28 8:2 / /boot rw,relatime shared:50 - ext4 /dev/sda2 rw",
            "101 28 0:45 / /srv/share rw,relatime shared:55 - nfs4 nas.example:/export/share"
                    + " rw,vers=4.2,rsize=1048576,hard,proto=tcp,sec=sys,local_lock=none",
            "110 28 0:46 / /mnt/My\\040Books\\0111 rw,relatime shared:60 master:3 - cifs //nas/books rw,vers=3.1.1",
            "115 28 0:48 / /home/ann/remote rw,nosuid,nodev,relatime - fuse.sshfs ann@host:/ rw,user_id=1000");

    /** A direct automount: the trigger stays under the share that it mounted. */
    private static final List<String> AUTOMOUNT = List.of(
            "28 1 253:0 / / rw,relatime shared:1 - xfs /dev/mapper/rhel-root rw,seclabel,attr2,inode64",
            "60 28 0:52 / /data rw,relatime shared:31 - autofs /etc/auto.direct rw,fd=5,pgrp=1203,timeout=300,direct",
            "412 60 0:61 / /data rw,relatime shared:214 - nfs nas:/data rw,vers=3,hard,nolock,mountvers=3");

    private static final List<String> CONTAINER = List.of(
            "1164 1025 0:118 / / rw,relatime master:402 - overlay overlay"
                    + " rw,lowerdir=/var/lib/docker/overlay2/l/AAA,upperdir=/var/lib/docker/overlay2/b/diff",
            "1165 1164 0:121 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw",
            "1173 1164 8:1 /var/lib/docker/volumes/db/_data /var/lib/app rw,relatime - ext4 /dev/sda1 rw",
            "1174 1164 8:1 /var/lib/docker/containers/x/hosts /etc/hosts rw,relatime - ext4 /dev/sda1 rw");

    private static final List<String> WINDOWS_SUBSYSTEM = List.of(
            "64 55 8:32 / / rw,relatime - ext4 /dev/sdc rw,discard,errors=remount-ro,data=ordered",
            "96 64 0:46 / /mnt/c rw,noatime - 9p drvfs rw,dirsync,aname=drvfs;path=C:\\134;uid=1000;symlinkroot=/mnt/,trans=fd");

    @TempDir
    Path folder;

    @BeforeEach
    void onlyWherePathsAreOfThisForm() {
        assumeTrue(File.separatorChar == '/', "paths of Linux");
    }

    @Test
    void aFileLiesOnTheDeepestMountAboveIt() {
        assertEquals("ext4", type(SERVER, "/var/lib/app/memory.db"));
        assertEquals("nfs4", type(SERVER, "/srv/share/app/memory.db"));
        assertEquals("ext4", type(SERVER, "/srv/sharecroppers/memory.db"));
        assertEquals("fuse.sshfs", type(SERVER, "/home/ann/remote/memory.db"));
        assertEquals("overlay", type(CONTAINER, "/app/memory.db"));
        assertEquals("ext4", type(CONTAINER, "/var/lib/app/memory.db"));
        assertEquals("9p", type(WINDOWS_SUBSYSTEM, "/mnt/c/Users/ann/memory.db"));
    }

    @Test
    void escapedNamesAreReadBack() {
        assertEquals("cifs", type(SERVER, "/mnt/My Books\t1/memory.db"));
        assertEquals("ext4", type(SERVER, "/mnt/My/memory.db"));
    }

    @Test
    void theLastMountOfAFolderHidesTheOthers() {
        assertEquals("nfs", type(AUTOMOUNT, "/data/memory.db"));
    }

    @Test
    void theFilesOwnDeviceTellsAMountThatIsHidden() {
        List<String> hidden = List.of(
                "28 1 253:0 / / rw - ext4 /dev/vda rw",
                "40 28 0:60 / /srv/share rw - nfs4 nas:/x rw",
                "41 28 8:17 / /srv rw - xfs /dev/sdb1 rw");
        Path file = Path.of("/srv/share/memory.db");
        assertEquals("nfs4", typeOn(hidden, file, new Device(0, 60)));
        assertEquals("xfs", typeOn(hidden, file, new Device(8, 17)));
        assertEquals("nfs4", typeOn(hidden, file, new Device(0, 99)), "Btrfs: a device that no mount has");
    }

    @Test
    void linesOfAnotherFormArePassedOver() {
        List<String> odd = List.of(
                "",
                "nonsense",
                "28 1 253 / / rw - ext4 /dev/vda rw",
                "28 1 x:y / / rw - ext4 /dev/vda rw",
                "28 1 253:0 / / rw",
                "28 1 253:0 / / rw - xfs /dev/vda rw");
        assertEquals("xfs", type(odd, "/memory.db"));
        assertEquals(Optional.empty(), MountTable.parse(List.of()).of(Path.of("/a"), Optional.empty()));
    }

    @Test
    void theRealTableKnowsWhereThisTestRuns() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/mountinfo")), "Linux");
        MountTable table = MountTable.parse(ProcFile.MOUNTS.lines().orElseThrow());
        Path file = Files.createFile(folder.resolve("a file")).toRealPath();
        assertEquals(
                Files.getFileStore(file).type(),
                table.of(file, Device.of(file)).orElseThrow().type());
    }

    @Test
    void aDeviceIsTakenApartAsTheKernelPutsItTogether() {
        assertEquals(new Device(254, 0), Device.split(65_024));
        assertEquals(new Device(8, 17), Device.split(0x811));
        assertEquals(new Device(0, 300), Device.split(0x10002cL), "more than 256 anonymous mounts");
        assertEquals(new Device(0x1234, 0x56789), Device.split(0x1000_5672_3489L));
    }

    private static String type(List<String> lines, String file) {
        return MountTable.parse(lines)
                .of(Path.of(file), Optional.empty())
                .orElseThrow()
                .type();
    }

    private static String typeOn(List<String> lines, Path file, Device device) {
        return MountTable.parse(lines)
                .of(file, Optional.of(device))
                .orElseThrow()
                .type();
    }
}
