package dev.cairn.backup.testkit.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operations done below one real folder, with the names and inodes they were done to. Every method is called with this object's monitor
 * held, together with the real operation, so that the log's order is the order on disk.
 */
final class OperationLog {

    static final int ROOT = 0;

    private final Path root;
    private final List<Operation> operations = new ArrayList<>();
    private final boolean keeps;
    private boolean recording;
    private @Nullable RecipeMistake mistake;
    private final Map<Integer, Node> nodes = new HashMap<>();
    /** Names that were durable before recording began. */
    private final Map<Integer, Map<String, Integer>> before = new HashMap<>();
    /** Names as they are now. */
    private final Map<Integer, Map<String, Integer>> now = new HashMap<>();
    /** Files found when recording began, by what the platform identifies them with: several names may lead to one. */
    private final Map<Object, Integer> found = new HashMap<>();

    /** @param root an existing folder, without symbolic links in its path */
    OperationLog(Path root) throws IOException {
        this(root, true);
        nodes.put(ROOT, Node.found(ROOT, root));
        adoptChildren(ROOT, root);
        found.clear();
        recording = true;
    }

    private OperationLog(Path root, boolean keeps) {
        this.root = root;
        this.keeps = keeps;
    }

    /** One that keeps nothing, for which nothing has to be read. */
    static OperationLog ofNothing(Path root) {
        return new OperationLog(root, false);
    }

    /** Whether it keeps what is done. */
    boolean keeps() {
        return keeps;
    }

    /** A folder's inode and a name in it. */
    record Place(int directory, String name) {}

    Path root() {
        return root;
    }

    /** A copy of what happened so far, or would have with the mistake. */
    synchronized List<Operation> operations() {
        List<Operation> copy = List.copyOf(operations);
        return mistake == null ? copy : mistake.applyTo(copy, nodes);
    }

    synchronized int size() {
        return operations().size();
    }

    synchronized void asIf(RecipeMistake made) {
        mistake = made;
    }

    synchronized Map<Integer, Node> nodes() {
        return Map.copyOf(nodes);
    }

    synchronized Map<Integer, Map<String, Integer>> namesBefore() {
        Map<Integer, Map<String, Integer>> copy = new HashMap<>();
        before.forEach((directory, names) -> copy.put(directory, new TreeMap<>(names)));
        return copy;
    }

    synchronized void add(Operation operation) {
        if (keeps) {
            operations.add(operation);
        }
    }

    /** Where a path's last name is, whether it exists or not; null if that is not below the root. */
    @Nullable
    Place place(Path real) throws IOException {
        if (!keeps) {
            return null;
        }
        Path absolute = real.toAbsolutePath();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            return null;
        }
        Path folder = parent.toRealPath();
        if (!folder.startsWith(root)) {
            return null;
        }
        return new Place(walk(folder), name.toString());
    }

    /** The inode of something that exists; null if it is not below the root. */
    @Nullable
    Integer inode(Path real, LinkOption... options) throws IOException {
        if (!keeps) {
            return null;
        }
        if (options.length == 0) {
            Path resolved = real.toRealPath();
            return resolved.startsWith(root) ? (Integer) walk(resolved) : null;
        }
        if (real.toAbsolutePath().normalize().equals(root)) {
            return ROOT;
        }
        Place place = place(real);
        return place == null ? null : (Integer) child(place, real);
    }

    /** The path as it appears in the log. */
    String shown(Path real) {
        Path absolute = real.toAbsolutePath().normalize();
        return absolute.startsWith(root) ? root.relativize(absolute).toString() : absolute.toString();
    }

    /** A name and an inode that were just made. */
    void made(String what, Path real) throws IOException {
        Place place = place(real);
        if (place != null) {
            int id = nodes.size();
            nodes.put(id, Node.made(id, real));
            enter(what, real, place, id);
        }
    }

    /** Another name for an inode. */
    void linked(Path real, Place place, int inode) {
        enter("link", real, place, inode);
    }

    private void enter(String what, Path real, Place place, int inode) {
        names(now, place.directory()).put(place.name(), inode);
        add(new Operation.Enter(what, shown(real), place.directory(), place.name(), inode));
    }

    /** A name that was just removed and led to {@code inode}. */
    void removed(Path real, Place place, int inode) {
        names(now, place.directory()).remove(place.name());
        add(new Operation.Leave(shown(real), place.directory(), place.name(), inode));
    }

    /** A name that was just changed. */
    void renamed(Path from, Place fromPlace, Path to, Place toPlace, int inode) {
        names(now, fromPlace.directory()).remove(fromPlace.name());
        names(now, toPlace.directory()).put(toPlace.name(), inode);
        boolean tree = Objects.requireNonNull(nodes.get(inode)).kind() == Node.Kind.DIRECTORY;
        add(new Operation.Rename(
                shown(from),
                shown(to),
                fromPlace.directory(),
                fromPlace.name(),
                toPlace.directory(),
                toPlace.name(),
                inode,
                tree));
    }

    private int walk(Path folder) throws IOException {
        int inode = ROOT;
        Path at = root;
        if (!folder.equals(root)) {
            for (Path name : root.relativize(folder)) {
                at = at.resolve(name);
                inode = child(new Place(inode, name.toString()), at);
            }
        }
        return inode;
    }

    /** The inode behind a name. One that was not made through this file system is taken as if it had been there from the start. */
    private int child(Place place, Path real) throws IOException {
        Integer known = names(now, place.directory()).get(place.name());
        return known != null ? known : adopt(place, real);
    }

    private int adopt(Place place, Path real) throws IOException {
        Object key = Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        // Later on an inode number may have been used again, so that it proves nothing.
        Integer first = recording || key == null ? null : found.get(key);
        int id = first == null ? nodes.size() : first;
        names(before, place.directory()).put(place.name(), id);
        names(now, place.directory()).put(place.name(), id);
        if (first != null) {
            return id;
        }
        Node node = Node.found(id, real);
        nodes.put(id, node);
        if (key != null) {
            found.put(key, id);
        }
        if (node.kind() == Node.Kind.DIRECTORY) {
            adoptChildren(id, real);
        }
        return id;
    }

    private void adoptChildren(int directory, Path real) throws IOException {
        try (Stream<Path> children = Files.list(real)) {
            for (Path child : children.sorted().toList()) {
                adopt(
                        new Place(
                                directory,
                                Objects.requireNonNull(child.getFileName()).toString()),
                        child);
            }
        }
    }

    private static Map<String, Integer> names(Map<Integer, Map<String, Integer>> tree, int directory) {
        return tree.computeIfAbsent(directory, none -> new TreeMap<>());
    }
}
