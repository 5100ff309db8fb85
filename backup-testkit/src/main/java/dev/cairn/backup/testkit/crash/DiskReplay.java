package dev.cairn.backup.testkit.crash;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Goes through the log and knows, at each point, what is durable and what is undecided. For one thread. */
final class DiskReplay {

    private static final int SECTOR = 512;
    private static final int PAGE = 4096;

    private final Map<Integer, Node> nodes;
    private final Map<Integer, Map<String, Integer>> durableNames;
    private final List<Atom> nameAtoms = new ArrayList<>();
    private final Map<Integer, InodeState> inodes = new HashMap<>();
    private long sequence;

    DiskReplay(OperationLog log) {
        this.nodes = log.nodes();
        this.durableNames = log.namesBefore();
    }

    void apply(Operation operation) {
        if (operation instanceof Operation.Write write) {
            written(write);
        } else if (operation instanceof Operation.Truncate cut) {
            content(new Change.Size(cut.inode(), cut.size(), true, cut.path()));
        } else if (operation instanceof Operation.Attribute set) {
            content(new Change.Attribute(set.inode(), set.name(), set.value(), set.path()));
        } else if (operation instanceof Operation.Enter enter) {
            names(new Change.Put(enter.directory(), enter.name(), enter.inode(), enter.describe()), null);
        } else if (operation instanceof Operation.Leave leave) {
            names(new Change.Remove(leave.directory(), leave.name(), leave.inode(), leave.describe()), null);
        } else if (operation instanceof Operation.Rename rename) {
            renamed(rename);
        } else if (operation instanceof Operation.Force force) {
            forced(force.inode());
        } else if (operation instanceof Operation.ForceFailed failed) {
            inode(failed.inode()).abandon();
            nameAtoms.stream().filter(atom -> savedBy(atom, failed.inode())).forEach(Atom::abandon);
        }
    }

    /** What a power cut now may keep or lose, in the order of the log; nothing that no name can lead to. */
    List<Atom> undecided() {
        Set<Integer> reachable = reachable();
        List<Atom> undecided = new ArrayList<>();
        nameAtoms.stream().filter(atom -> !atom.durable()).forEach(undecided::add);
        for (int inode : reachable) {
            inode(inode).atoms().stream().filter(atom -> !atom.durable()).forEach(undecided::add);
        }
        undecided.sort(Comparator.comparingLong(atom -> atom.sequence));
        return undecided;
    }

    /** The state with these of the undecided changes. */
    Image image(Set<Atom> chosen) {
        Predicate<Atom> kept = atom -> atom.durable()
                || (chosen.contains(atom)
                        && (atom.needs == null || atom.needs.durable() || chosen.contains(atom.needs)));
        Map<Integer, Map<String, Integer>> names = new HashMap<>();
        durableNames.forEach((directory, entries) -> names.put(directory, new TreeMap<>(entries)));
        nameAtoms.stream().filter(kept).forEach(atom -> change(names, atom.change));
        Image image = new Image(nodes, names);
        image.inodes().forEach(inode -> {
            InodeState state = inode(inode);
            image.describe(inode, state.content(kept), state.attributes(kept));
        });
        return image;
    }

    private void written(Operation.Write write) {
        int length = write.bytes().length;
        int from = 0;
        while (from < length) {
            int size = Math.min(blockAt(from, length), length - from);
            // Blocks lie on the disk's own grid, not on the write's.
            size = (int)
                    Math.min(size, SECTOR - (write.offset() + from) % SECTOR + (size > SECTOR ? size - SECTOR : 0));
            content(new Change.Block(write.inode(), write.offset() + from, write.bytes(), from, size, write.path()));
            from += size;
        }
        long end = write.offset() + length;
        if (end > inode(write.inode()).liveSize()) {
            content(new Change.Size(write.inode(), end, false, write.path()));
        }
    }

    /** Small blocks at the ends, where a tear shows most, large ones between, so that a large write has few of them. */
    private static int blockAt(int from, int length) {
        return from < PAGE || length - from <= 2 * PAGE ? SECTOR : PAGE;
    }

    private void renamed(Operation.Rename rename) {
        if (rename.tree() || rename.fromDirectory() == rename.toDirectory()) {
            names(
                    new Change.Move(
                            rename.fromDirectory(),
                            rename.from(),
                            rename.toDirectory(),
                            rename.to(),
                            rename.inode(),
                            rename.describe()),
                    null);
            return;
        }
        Atom appears = names(
                new Change.Put(rename.toDirectory(), rename.to(), rename.inode(), rename.describe() + " (target)"),
                null);
        names(
                new Change.Remove(
                        rename.fromDirectory(), rename.from(), rename.inode(), rename.describe() + " (source)"),
                appears);
    }

    private void forced(int forced) {
        inode(forced).force();
        nameAtoms.stream().filter(atom -> savedBy(atom, forced)).forEach(Atom::force);
        Iterator<Atom> first = nameAtoms.iterator();
        while (first.hasNext()) {
            Atom atom = first.next();
            if (!atom.durable()) {
                break;
            }
            change(durableNames, atom.change);
            first.remove();
        }
    }

    private static boolean savedBy(Atom atom, int directory) {
        return atom.change instanceof Change.OfNames names && names.savedBy(directory);
    }

    private void content(Change.OfInode change) {
        inode(change.inode()).add(new Atom(sequence++, change, null));
    }

    private Atom names(Change.OfNames change, @Nullable Atom needs) {
        Atom atom = new Atom(sequence++, change, needs);
        nameAtoms.add(atom);
        return atom;
    }

    private InodeState inode(int inode) {
        return inodes.computeIfAbsent(inode, id -> new InodeState(Objects.requireNonNull(nodes.get(id))));
    }

    private Set<Integer> reachable() {
        Map<Integer, Set<Integer>> children = new HashMap<>();
        durableNames.forEach((directory, names) ->
                children.computeIfAbsent(directory, none -> new HashSet<>()).addAll(names.values()));
        for (Atom atom : nameAtoms) {
            if (atom.change instanceof Change.Put put) {
                children.computeIfAbsent(put.directory(), none -> new HashSet<>())
                        .add(put.inode());
            } else if (atom.change instanceof Change.Move move) {
                children.computeIfAbsent(move.toDirectory(), none -> new HashSet<>())
                        .add(move.inode());
            }
        }
        Set<Integer> reached = new HashSet<>(Set.of(OperationLog.ROOT));
        Deque<Integer> next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            for (int child : children.getOrDefault(next.remove(), Set.of())) {
                if (reached.add(child)) {
                    next.add(child);
                }
            }
        }
        return reached;
    }

    private void change(Map<Integer, Map<String, Integer>> names, Change change) {
        if (change instanceof Change.Put put) {
            entries(names, put.directory()).put(put.name(), put.inode());
        } else if (change instanceof Change.Remove remove) {
            entries(names, remove.directory()).remove(remove.name(), remove.inode());
        } else if (change instanceof Change.Move move) {
            if (Objects.requireNonNull(nodes.get(move.inode())).kind() == Node.Kind.DIRECTORY) {
                // A folder has one parent, also when an earlier move of it was lost.
                names.values().forEach(entries -> entries.values().removeIf(inode -> inode == move.inode()));
            } else {
                entries(names, move.fromDirectory()).remove(move.from(), move.inode());
            }
            entries(names, move.toDirectory()).put(move.to(), move.inode());
        }
    }

    private static Map<String, Integer> entries(Map<Integer, Map<String, Integer>> names, int directory) {
        return names.computeIfAbsent(directory, none -> new TreeMap<>());
    }
}
