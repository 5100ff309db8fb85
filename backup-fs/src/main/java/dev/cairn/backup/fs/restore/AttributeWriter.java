package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.Modes;
import dev.cairn.backup.fs.tree.StateReader;
import dev.cairn.backup.spi.EntryAttributes;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives files the attributes of their entries, links not followed: owner first, because a change of owner may clear rights; the time last. What a file has
 * already is left alone: one look is cheaper than a change. Thread-safe.
 */
final class AttributeWriter {

    private static final Logger LOG = LoggerFactory.getLogger("dev.cairn.backup.fs.restore");

    private final boolean posix;
    private final StateReader states;
    private final UserPrincipalLookupService lookup;
    private final Map<String, Optional<UserPrincipal>> users = new ConcurrentHashMap<>();
    private final Map<String, Optional<GroupPrincipal>> groups = new ConcurrentHashMap<>();
    private volatile boolean ownersRefused;
    private volatile boolean groupsRefused;

    /** For files of one file system. */
    AttributeWriter(FileSystem fileSystem) {
        posix = fileSystem.supportedFileAttributeViews().contains("posix");
        states = new StateReader(fileSystem);
        lookup = fileSystem.getUserPrincipalLookupService();
    }

    void apply(Path file, EntryAttributes attributes, boolean link) throws IOException {
        apply(file, attributes, posix ? states.read(file) : null, link);
    }

    /** The same for a file or folder that was made with the given rights and that nobody has touched since. */
    void applyToMade(Path file, EntryAttributes attributes, StagedRights rights) throws IOException {
        apply(file, attributes, posix ? rights.asMade(file, attributes, states) : null, false);
    }

    private void apply(Path file, EntryAttributes attributes, @Nullable FileState now, boolean link)
            throws IOException {
        if (now != null) {
            boolean given = giveOwners(file, attributes, now);
            if (!link
                    && attributes.mode().isPresent()
                    && (given || attributes.mode().getAsInt() != now.mode())) {
                view(file).setPermissions(Modes.permissions(attributes.mode().getAsInt()));
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

    private static PosixFileAttributeView view(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, NOFOLLOW_LINKS);
    }

    private boolean giveOwners(Path file, EntryAttributes attributes, FileState now) {
        UserPrincipal owner = ownersRefused ? null : wanted(attributes.owner(), now.owner(), this::user);
        if (owner != null) {
            ownersRefused = isRefused(() -> view(file).setOwner(owner), "to another user");
        }
        // Apart from the owner: whoever may not give a file away may still give it to a group that he is in.
        GroupPrincipal group = groupsRefused ? null : wanted(attributes.group(), now.group(), this::group);
        if (group != null) {
            groupsRefused = isRefused(() -> view(file).setGroup(group), "to another group");
        }
        return owner != null || group != null;
    }

    private static <P> @Nullable P wanted(Optional<String> name, @Nullable String now, Names<P> names) {
        return name.isEmpty() || name.get().equals(now)
                ? null
                : names.find(name.get()).orElse(null);
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

    private interface Names<P> {
        Optional<P> find(String name);
    }

    private Optional<UserPrincipal> user(String name) {
        return users.computeIfAbsent(name, wanted -> {
            try {
                return Optional.of(lookup.lookupPrincipalByName(wanted));
            } catch (IOException | UnsupportedOperationException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<GroupPrincipal> group(String name) {
        return groups.computeIfAbsent(name, wanted -> {
            try {
                return Optional.of(lookup.lookupPrincipalByGroupName(wanted));
            } catch (IOException | UnsupportedOperationException e) {
                return Optional.empty();
            }
        });
    }
}
