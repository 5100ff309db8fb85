package dev.cairn.backup.fs.tree;

import dev.cairn.backup.spi.EntryPath;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One name in a walked tree. A file keeps no path of its own, so that a million of them stay small. For one thread at a time. */
public final class TreeNode {

    private final @Nullable TreeNode parent;
    private final String name;
    private final boolean selected;
    private final @Nullable Path folder;
    private final String prefix;
    private final @Nullable String linkTarget;
    private FileState state;
    private @Nullable Instant scanned;
    private List<TreeNode> children = List.of();
    private List<TreeNode> folders = List.of();

    private TreeNode(
            @Nullable TreeNode parent,
            String name,
            boolean selected,
            @Nullable Path folder,
            @Nullable String linkTarget,
            FileState state) {
        this.parent = parent;
        this.name = name;
        this.selected = selected;
        this.folder = folder;
        this.prefix = folder == null || parent == null ? "" : parent.prefix + name + '/';
        this.linkTarget = linkTarget;
        this.state = state;
    }

    static TreeNode root(Path folder, boolean selected, FileState state) {
        return new TreeNode(null, "", selected, folder, null, state);
    }

    static TreeNode child(
            TreeNode parent, String name, boolean selected, @Nullable String linkTarget, FileState state) {
        Path folder = state.isDirectory() ? parent.file().resolve(name) : null;
        return new TreeNode(parent, name, selected, folder, linkTarget, state);
    }

    /** The folder that it is in; null for the root. */
    public @Nullable TreeNode parent() {
        return parent;
    }

    /** Its name; empty for the root. */
    public String name() {
        return name;
    }

    /** Whether it belongs to the dataset; a folder that does not may lead to something that does. */
    public boolean selected() {
        return selected;
    }

    /** The target of a symbolic link as it stands; null for anything else. */
    public @Nullable String linkTarget() {
        return linkTarget;
    }

    /** Where it is. */
    public Path file() {
        if (folder != null) {
            return folder;
        }
        if (parent == null) {
            throw new IllegalStateException("a root is a folder");
        }
        return parent.file().resolve(name);
    }

    /** Its path in the dataset. */
    public EntryPath path() {
        if (parent == null) {
            return EntryPath.ROOT;
        }
        return EntryPath.of(parent.prefix + name);
    }

    List<String> components() {
        List<String> components = parent == null ? new ArrayList<>() : parent.components();
        if (parent != null) {
            components.add(name);
        }
        return components;
    }

    /** What the last look told. */
    public FileState state() {
        return state;
    }

    /** Keeps a newer look. */
    public void see(FileState newer) {
        state = newer;
    }

    /** When the folder's names were read; null if they were not. */
    public @Nullable Instant scanned() {
        return scanned;
    }

    /** What is in the folder, in path order. */
    public List<TreeNode> children() {
        return children;
    }

    /** The folders among its children. */
    public List<TreeNode> folders() {
        return folders;
    }

    /** Replaces what is in the folder. */
    public void fill(List<TreeNode> found, @Nullable Instant at) {
        children = found;
        folders = foldersOf(found);
        if (at != null) {
            scanned = at;
        }
    }

    private static List<TreeNode> foldersOf(List<TreeNode> nodes) {
        List<TreeNode> found = List.of();
        for (TreeNode node : nodes) {
            if (node.state.isDirectory()) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(node);
            }
        }
        return found;
    }

    /** Passes this node and all below it, in path order. */
    public void forEach(Consumer<TreeNode> visitor) {
        visitor.accept(this);
        children.forEach(child -> child.forEach(visitor));
    }

    /** The node at a path below this one, or null. */
    public @Nullable TreeNode find(EntryPath path) {
        TreeNode at = this;
        if (path.isRoot()) {
            return at;
        }
        for (String component : path.value().split("/", -1)) {
            TreeNode next = at.childNamed(component);
            if (next == null) {
                return null;
            }
            at = next;
        }
        return at;
    }

    private @Nullable TreeNode childNamed(String wanted) {
        int low = 0;
        int high = children.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = PathOrder.compareNames(children.get(middle).name, wanted);
            if (order == 0) {
                return children.get(middle);
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return null;
    }
}
