package dev.cairn.backup.fs.tree;

import java.util.List;

/**
 * Which names in one folder, that a walk has entered, belong to a dataset. Without globs the name alone tells, so that most walks build and compare no
 * paths. For one thread.
 */
final class FolderSelection {

    private final Selection selection;
    private final boolean byName;
    private final List<String> path;

    FolderSelection(Selection selection, TreeNode folder) {
        this.selection = selection;
        this.byName = selection.goesByName();
        this.path = byName ? List.of() : folder.components();
        if (!byName) {
            path.add("");
        }
    }

    /** Whether what has that name belongs to the dataset. */
    boolean selects(String name) {
        return byName ? Selection.selectsName(name) : selection.selects(named(name));
    }

    /** Whether something in a folder of that name may belong to it. */
    boolean leadsThrough(String name) {
        return byName ? Selection.leadsThroughName(name) : selection.leadsThrough(named(name));
    }

    private List<String> named(String name) {
        path.set(path.size() - 1, name);
        return path;
    }
}
