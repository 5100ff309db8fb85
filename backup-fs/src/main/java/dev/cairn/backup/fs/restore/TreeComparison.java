package dev.cairn.backup.fs.restore;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.DatasetPlan;
import dev.cairn.backup.fs.durable.DurableFiles;
import dev.cairn.backup.fs.tree.Databases;
import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.fs.tree.TreeWalk;
import dev.cairn.backup.spi.DatasetReader;
import dev.cairn.backup.spi.Entry;
import dev.cairn.backup.spi.EntryPath;
import dev.cairn.backup.spi.EntryType;
import dev.cairn.backup.spi.RestoreScope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares a snapshot with the live tree: names and times first, bytes only where size says equal and time does not. For a copy that nobody uses, all bytes. Reads only.
 */
public final class TreeComparison {

    private static final int MOST_EXAMPLES = 20;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final TreeRestorer restorer;
    private final boolean everyByte;
    private final RestoreScope scope;
    private final List<String> paths = new ArrayList<>();
    private final List<String> examples = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private long create;
    private long replace;
    private long remove;
    private long keep;
    private long createBytes;
    private long replaceBytes;
    private long removeBytes;
    private long keepBytes;
    private long left;

    private TreeComparison(TreeRestorer restorer, RestoreScope scope, boolean everyByte) {
        this.restorer = restorer;
        this.scope = scope;
        this.everyByte = everyByte;
    }

    /** What a restore would do. */
    public static DatasetPlan compare(TreeRestorer restorer, DatasetReader snapshot, RestoreScope scope) {
        return compare(new TreeComparison(restorer, scope, false), snapshot);
    }

    /** What differs in a copy that nobody uses, whatever its times say. */
    public static List<String> differences(TreeRestorer copy, DatasetReader snapshot) {
        return compare(new TreeComparison(copy, RestoreScope.WHOLE, true), snapshot)
                .examples();
    }

    private static DatasetPlan compare(TreeComparison comparison, DatasetReader snapshot) {
        TreeRestorer restorer = comparison.restorer;
        try {
            return comparison.compare(snapshot);
        } catch (IOException e) {
            throw DurableFiles.storeFailure("Comparing a snapshot with " + restorer.place(), e);
        }
    }

    private DatasetPlan compare(DatasetReader snapshot) throws IOException {
        TreeRoot root = restorer.target(snapshot, scope);
        SnapshotTree tree = SnapshotTree.of(snapshot, root);
        TreeNode live = live(root);
        Set<TreeNode> met = new HashSet<>();
        SnapshotTree.Size size = tree.read((path, entry) -> {
            TreeNode node = live == null ? null : live.find(path);
            if (node != null) {
                met.add(node);
            }
            if (node == null || scope.paths().isEmpty() || node.selected()) { // Else a folder on the way.
                judge(path, entry, node, live);
            }
        });
        if (size.skipped() > 0) {
            warnings.add(size.skipped() + " entries of the snapshot are left out by the dataset's globs.");
        }
        if (live != null) {
            live.forEach(node -> judgeExtra(node, met));
        }
        if (left > 0) {
            warnings.add(left + " entries that the snapshot does not have stay.");
        }
        return new DatasetPlan(
                restorer.dataset(),
                root.place().toString(),
                create,
                replace,
                remove,
                keep,
                size.bytes(),
                examples,
                warnings,
                Optional.of(new DatasetPlan.Sizes(createBytes, replaceBytes, removeBytes, keepBytes)),
                paths);
    }

    private @Nullable TreeNode live(TreeRoot root) {
        if (!Files.isDirectory(root.folder())) {
            return null;
        }
        TreeWalk walk = new TreeWalk(root, new LiveWalk(restorer.dataset()));
        return walk.walk(walk.start());
    }

    private void judge(EntryPath path, Entry entry, @Nullable TreeNode node, @Nullable TreeNode live)
            throws IOException {
        if (node == null) {
            create++;
            createBytes += bytes(entry);
            example("create " + path);
        } else if (isSame(entry, node, live)) {
            keep++;
            keepBytes += bytes(entry);
        } else {
            replace++;
            replaceBytes += bytes(entry);
            if (scope.overlay() && node.state().isDirectory()) {
                warnings.add("The overlay would be refused: " + node.file()
                        + " is a folder and the snapshot has none there.");
            }
            example("replace " + path);
        }
    }

    private static long bytes(Entry entry) {
        return entry.type() == EntryType.FILE ? entry.size() : 0;
    }

    private boolean isSame(Entry entry, TreeNode node, @Nullable TreeNode live) throws IOException {
        FileState state = node.state();
        return switch (entry.type()) {
            case DIRECTORY -> state.isDirectory();
            case SYMLINK -> entry.linkTarget().equals(Optional.ofNullable(node.linkTarget()));
            case HARD_LINK -> {
                TreeNode first = live == null
                        ? null
                        : live.find(EntryPath.of(entry.linkTarget().orElseThrow()));
                yield first != null && state.key() != null && first.state().isSameFile(state);
            }
            case FILE ->
                state.isFile()
                        && state.size() == entry.size()
                        && (!everyByte && isSameTime(entry, state) || isSameContent(entry, node));
        };
    }

    private static boolean isSameTime(Entry entry, FileState state) {
        Instant modified = entry.attributes().modified().orElse(null);
        return modified != null && modified.equals(state.modified());
    }

    private boolean isSameContent(Entry entry, TreeNode node) throws IOException {
        if (!everyByte && Databases.isDatabaseName(node.name())) {
            return false;
        }
        try (InputStream kept = entry.content().open();
                InputStream now = Files.newInputStream(node.file(), NOFOLLOW_LINKS)) {
            byte[] a = new byte[BUFFER_BYTES];
            byte[] b = new byte[BUFFER_BYTES];
            int n;
            do {
                n = kept.readNBytes(a, 0, a.length);
                if (n != now.readNBytes(b, 0, b.length) || !Arrays.equals(a, 0, n, b, 0, n)) {
                    return false;
                }
            } while (n > 0);
            return true;
        }
    }

    private void judgeExtra(TreeNode node, Set<TreeNode> met) {
        if (node.parent() != null && node.selected() && !met.contains(node)) {
            if (scope.overlay()) {
                left++;
                return;
            }
            remove++;
            removeBytes += node.state().isFile() ? node.state().size() : 0;
            example("remove " + node.path());
            if (node.state().isFile() && Databases.isDatabaseName(node.name())) {
                warnings.add(
                        node.file() + " looks like a database that no dataset declares; it would go to the trash.");
            }
        }
    }

    private void example(String line) {
        if (examples.size() < MOST_EXAMPLES) {
            examples.add(line);
        }
        if (paths.size() < scope.listedPaths()) {
            paths.add(line);
        }
    }
}
