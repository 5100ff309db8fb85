package dev.cairn.backup.sqlite.live;

import dev.cairn.backup.spi.EntryAttributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Permission bits, owner, group and time of a database file, read and set by path; nothing is opened. */
public final class FileRights {

    private static final Logger LOG = LoggerFactory.getLogger(FileRights.class);

    private FileRights() {}

    /**
     * The attributes of a live database. The time is the later one of the main file and its {@code -wal}, which is where a commit goes first. There
     * is no identity: neither file's times tell whether the content is the same, because a checkpoint changes both without changing it.
     */
    public static EntryAttributes attributesOf(DatabaseFiles files) throws IOException {
        Instant modified = latest(files.main(), files.wal());
        PosixFileAttributeView view = posix(files.main());
        if (view == null) {
            return new EntryAttributes(
                    Optional.of(modified), OptionalInt.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
        PosixFileAttributes found = view.readAttributes();
        return new EntryAttributes(
                Optional.of(modified),
                OptionalInt.of(bits(found.permissions())),
                Optional.of(found.owner().getName()),
                Optional.of(found.group().getName()),
                Optional.empty());
    }

    /**
     * Gives a staged file the rights that it shall have when live. Owner and group are set where the process may and they exist here; what
     * cannot be set is logged, for a database that its own host cannot open is found at once.
     */
    public static void apply(EntryAttributes attributes, Path staged) throws IOException {
        PosixFileAttributeView view = posix(staged);
        if (view != null) {
            owner(attributes, staged, view);
            if (attributes.mode().isPresent()) {
                view.setPermissions(permissions(attributes.mode().getAsInt()));
            }
        }
        if (attributes.modified().isPresent()) {
            Files.setLastModifiedTime(
                    staged, FileTime.from(attributes.modified().get()));
        }
    }

    private static void owner(EntryAttributes attributes, Path staged, PosixFileAttributeView view) throws IOException {
        PosixFileAttributes now = view.readAttributes();
        var principals = staged.getFileSystem().getUserPrincipalLookupService();
        try {
            String owner = attributes.owner().orElse(now.owner().getName());
            if (!owner.equals(now.owner().getName())) {
                view.setOwner(principals.lookupPrincipalByName(owner));
            }
            String group = attributes.group().orElse(now.group().getName());
            if (!group.equals(now.group().getName())) {
                view.setGroup(principals.lookupPrincipalByGroupName(group));
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be given to {}:{}", staged, attributes.owner(), attributes.group(), e);
        }
    }

    private static Instant latest(Path main, Path wal) throws IOException {
        Instant modified = Files.getLastModifiedTime(main).toInstant();
        try {
            Instant logged = Files.getLastModifiedTime(wal).toInstant();
            return logged.isAfter(modified) ? logged : modified;
        } catch (NoSuchFileException e) {
            return modified;
        }
    }

    private static @Nullable PosixFileAttributeView posix(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static int bits(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission permission : permissions) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode & 0400 >> permission.ordinal()) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }
}
