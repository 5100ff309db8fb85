package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attribute views whose changes are recorded. Owners, groups and views beyond these pass through: no state differs by them. */
final class RecordedViews {

    private RecordedViews() {}

    static <V extends FileAttributeView> V over(V view, Class<V> type, AttributeChanges changes) {
        if (view instanceof PosixFileAttributeView posix && type == PosixFileAttributeView.class) {
            return type.cast(new Posix(posix, changes));
        }
        if (view instanceof BasicFileAttributeView basic && type == BasicFileAttributeView.class) {
            return type.cast(new Basic(basic, changes));
        }
        return view;
    }

    private static void setTimes(
            BasicFileAttributeView view,
            AttributeChanges changes,
            @Nullable FileTime modified,
            @Nullable FileTime accessed,
            @Nullable FileTime created)
            throws IOException {
        if (modified == null) {
            view.setTimes(null, accessed, created);
        } else {
            changes.change("lastModifiedTime", modified, () -> view.setTimes(modified, accessed, created));
        }
    }

    private record Basic(BasicFileAttributeView view, AttributeChanges changes) implements BasicFileAttributeView {

        @Override
        public String name() {
            return view.name();
        }

        @Override
        public BasicFileAttributes readAttributes() throws IOException {
            return view.readAttributes();
        }

        @Override
        public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
                throws IOException {
            RecordedViews.setTimes(view, changes, modified, accessed, created);
        }
    }

    private record Posix(PosixFileAttributeView view, AttributeChanges changes) implements PosixFileAttributeView {

        @Override
        public String name() {
            return view.name();
        }

        @Override
        public PosixFileAttributes readAttributes() throws IOException {
            return view.readAttributes();
        }

        @Override
        public void setTimes(@Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
                throws IOException {
            RecordedViews.setTimes(view, changes, modified, accessed, created);
        }

        @Override
        public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
            changes.change("permissions", Set.copyOf(permissions), () -> view.setPermissions(permissions));
        }

        @Override
        public void setGroup(GroupPrincipal group) throws IOException {
            view.setGroup(group);
        }

        @Override
        public UserPrincipal getOwner() throws IOException {
            return view.getOwner();
        }

        @Override
        public void setOwner(UserPrincipal owner) throws IOException {
            view.setOwner(owner);
        }
    }
}
