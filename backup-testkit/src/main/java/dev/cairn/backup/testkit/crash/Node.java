package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an inode was when it came into being. Names lead to inodes; what happens to the content later is in the log.
 *
 * @param id its number in the log
 * @param kind what it is
 * @param target where a symbolic link leads, else empty
 * @param content the bytes of a file that was there before recording began, else none
 * @param attributes what it was made with, by the names that {@link Files#setAttribute} knows
 */
record Node(int id, Kind kind, String target, byte[] content, Map<String, Object> attributes) {

    static final byte[] NO_BYTES = new byte[0];
    static final String PERMISSIONS = "posix:permissions";
    static final String MODIFIED = "basic:lastModifiedTime";

    /** What an inode is. */
    enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK
    }

    /** A new inode, empty, with the permissions that the real file was made with. */
    static Node made(int id, Path real) throws IOException {
        return read(id, real, false);
    }

    /** An inode that was there before: durable with all it has. */
    static Node found(int id, Path real) throws IOException {
        return read(id, real, true);
    }

    private static Node read(int id, Path real, boolean whole) throws IOException {
        Map<String, Object> attributes = new TreeMap<>();
        if (Files.isSymbolicLink(real)) {
            return new Node(id, Kind.SYMLINK, Files.readSymbolicLink(real).toString(), NO_BYTES, attributes);
        }
        PosixFileAttributeView posix =
                Files.getFileAttributeView(real, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (posix != null) {
            Set<PosixFilePermission> permissions = posix.readAttributes().permissions();
            attributes.put(PERMISSIONS, permissions);
        }
        if (whole) {
            FileTime modified = Files.getLastModifiedTime(real, LinkOption.NOFOLLOW_LINKS);
            attributes.put(MODIFIED, modified);
        }
        if (Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
            return new Node(id, Kind.DIRECTORY, "", NO_BYTES, attributes);
        }
        return new Node(id, Kind.FILE, "", whole ? Files.readAllBytes(real) : NO_BYTES, attributes);
    }
}
