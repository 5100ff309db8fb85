package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.fs.tree.Modes;
import dev.cairn.backup.spi.EntryAttributes;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives files the attributes of their entries, links not followed: owner first, because a change of owner may clear rights; the time last. */
final class AttributeWriter {

    private static final Logger LOG = LoggerFactory.getLogger("dev.cairn.backup.fs.restore");

    private final Map<String, Optional<UserPrincipal>> users = new HashMap<>();
    private final Map<String, Optional<GroupPrincipal>> groups = new HashMap<>();
    private boolean ownersRefused;
    private boolean groupsRefused;

    void apply(Path file, EntryAttributes attributes, boolean link) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(file, PosixFileAttributeView.class, NOFOLLOW_LINKS);
        if (posix != null) {
            giveOwners(posix, attributes, file.getFileSystem());
            if (!link && attributes.mode().isPresent()) {
                posix.setPermissions(Modes.permissions(attributes.mode().getAsInt()));
            }
        }
        if (attributes.modified().isPresent()) {
            setModified(file, FileTime.from(attributes.modified().get()), link);
        }
    }

    static void setModified(Path file, FileTime modified, boolean link) throws IOException {
        try {
            BasicFileAttributeView view =
                    Files.getFileAttributeView(file, BasicFileAttributeView.class, NOFOLLOW_LINKS);
            view.setTimes(modified, null, null);
        } catch (IOException | UnsupportedOperationException e) {
            // Not every platform can set the time of a link itself; nothing depends on it.
            if (!link) {
                throw e;
            }
        }
    }

    private void giveOwners(PosixFileAttributeView posix, EntryAttributes attributes, FileSystem fileSystem)
            throws IOException {
        if (attributes.owner().isEmpty() && attributes.group().isEmpty()) {
            return;
        }
        PosixFileAttributes now = posix.readAttributes();
        UserPrincipalLookupService lookup = fileSystem.getUserPrincipalLookupService();
        Optional<UserPrincipal> owner = attributes
                .owner()
                .filter(name -> !ownersRefused && !name.equals(now.owner().getName()))
                .flatMap(name -> user(lookup, name));
        // Apart from the owner: whoever may not give a file away may still give it to a group that he is in.
        Optional<GroupPrincipal> group = attributes
                .group()
                .filter(name -> !groupsRefused && !name.equals(now.group().getName()))
                .flatMap(name -> group(lookup, name));
        if (owner.isPresent()) {
            ownersRefused = isRefused(() -> posix.setOwner(owner.get()), "to another user");
        }
        if (group.isPresent()) {
            groupsRefused = isRefused(() -> posix.setGroup(group.get()), "to another group");
        }
    }

    private static boolean isRefused(Change change, String what) {
        try {
            change.make();
            return false;
        } catch (IOException e) {
            LOG.warn("This process may not give files {}: restored ones keep its own ({})", what, e.toString());
            return true;
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    private Optional<UserPrincipal> user(UserPrincipalLookupService lookup, String name) {
        return users.computeIfAbsent(name, wanted -> {
            try {
                return Optional.of(lookup.lookupPrincipalByName(wanted));
            } catch (IOException | UnsupportedOperationException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<GroupPrincipal> group(UserPrincipalLookupService lookup, String name) {
        return groups.computeIfAbsent(name, wanted -> {
            try {
                return Optional.of(lookup.lookupPrincipalByGroupName(wanted));
            } catch (IOException | UnsupportedOperationException e) {
                return Optional.empty();
            }
        });
    }
}
