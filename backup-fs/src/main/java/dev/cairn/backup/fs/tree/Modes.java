package dev.cairn.backup.fs.tree;

import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** POSIX permission bits as a number and as the JDK's set. */
public final class Modes {

    private static final PosixFilePermission[] HIGHEST_FIRST = PosixFilePermission.values();

    private Modes() {}

    /** The bits 0 to 0777 of the set. */
    public static int of(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission permission : permissions) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }

    /** The set for the bits. */
    public static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : HIGHEST_FIRST) {
            if ((mode & (0400 >> permission.ordinal())) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }
}
