package dev.cairn.backup.fs.tree;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.fs.tree.FileState.Kind;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Looks at files with one system call each. Names of owners are looked up once an id, not once a file. Thread-safe. */
public final class StateReader {

    private static final String WANTED = "unix:mode,ino,dev,nlink,size,lastModifiedTime,ctime,uid,gid";
    private static final int TYPE_MASK = 0170000;

    private final boolean unix;
    private final Map<Integer, String> users = new ConcurrentHashMap<>();
    private final Map<Integer, String> groups = new ConcurrentHashMap<>();

    /** A reader for files of the file system. */
    public StateReader(FileSystem fileSystem) {
        unix = fileSystem.supportedFileAttributeViews().contains("unix");
    }

    /**
     * The file as it is now, links not followed.
     *
     * @throws java.nio.file.NoSuchFileException if there is nothing of that name
     */
    public FileState read(Path file) throws IOException {
        return unix ? readUnix(file) : readBasic(file);
    }

    /**
     * Only the ctime, which is cheaper by a third; null where the platform has none. It changes with each name that is made, removed or replaced in a
     * folder, and no program can set it back.
     */
    public @Nullable Instant changeTime(Path file) throws IOException {
        return unix && Files.getAttribute(file, "unix:ctime", NOFOLLOW_LINKS) instanceof FileTime time
                ? time.toInstant()
                : null;
    }

    /**
     * Whether there is a folder, links not followed. Costs half of a whole look.
     *
     * @throws java.nio.file.NoSuchFileException if there is nothing of that name
     */
    static boolean isDirectory(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS)
                .isDirectory();
    }

    /** Whether what has that name now, links not followed, has the size and the mtime. Costs half of a whole look. */
    public static boolean isSizeAndTime(Path file, FileState known) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
        return now.size() == known.size() && now.lastModifiedTime().toInstant().equals(known.modified());
    }

    private FileState readUnix(Path file) throws IOException {
        Map<String, Object> found = Files.readAttributes(file, WANTED, NOFOLLOW_LINKS);
        int mode = number(found, "mode").intValue();
        Kind kind = kindOf(mode & TYPE_MASK);
        return new FileState(
                kind,
                kind == Kind.FILE ? number(found, "size").longValue() : 0,
                instant(found, "lastModifiedTime"),
                instant(found, "ctime"),
                number(found, "dev").longValue(),
                number(found, "ino").longValue(),
                number(found, "nlink").intValue(),
                mode & 0777,
                nameOf(users, number(found, "uid").intValue(), file, "posix:owner"),
                nameOf(groups, number(found, "gid").intValue(), file, "posix:group"));
    }

    private static Kind kindOf(int type) {
        return switch (type) {
            case 0100000 -> Kind.FILE;
            case 0040000 -> Kind.DIRECTORY;
            case 0120000 -> Kind.SYMLINK;
            default -> Kind.SPECIAL;
        };
    }

    private static Number number(Map<String, Object> found, String name) throws IOException {
        if (found.get(name) instanceof Number number) {
            return number;
        }
        throw new IOException("the file system tells no " + name);
    }

    private static Instant instant(Map<String, Object> found, String name) throws IOException {
        if (found.get(name) instanceof FileTime time) {
            return time.toInstant();
        }
        throw new IOException("the file system tells no " + name);
    }

    private static @Nullable String nameOf(Map<Integer, String> known, int id, Path file, String attribute)
            throws IOException {
        String name = known.get(id);
        if (name == null) {
            name = String.valueOf(Files.getAttribute(file, attribute, NOFOLLOW_LINKS));
            known.put(id, name);
        }
        return name;
    }

    private static FileState readBasic(Path file) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class, NOFOLLOW_LINKS);
        BasicFileAttributes basic = posix == null
                ? Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS)
                : posix.readAttributes();
        Kind kind = basic.isRegularFile()
                ? Kind.FILE
                : basic.isDirectory() ? Kind.DIRECTORY : basic.isSymbolicLink() ? Kind.SYMLINK : Kind.SPECIAL;
        int mode = basic instanceof PosixFileAttributes attributes ? Modes.of(attributes.permissions()) : -1;
        return new FileState(
                kind,
                kind == Kind.FILE ? basic.size() : 0,
                basic.lastModifiedTime().toInstant(),
                null,
                -1,
                -1,
                1,
                mode,
                basic instanceof PosixFileAttributes attributes
                        ? attributes.owner().getName()
                        : null,
                basic instanceof PosixFileAttributes attributes
                        ? attributes.group().getName()
                        : null);
    }
}
