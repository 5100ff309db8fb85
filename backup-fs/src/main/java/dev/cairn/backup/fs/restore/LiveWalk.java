package dev.cairn.backup.fs.restore;

import dev.cairn.backup.fs.tree.WalkListener;
import java.nio.file.Path;

/**
 * A look at live data that is going to be replaced. A database there is no reason to stop: it is moved to the trash by a rename and never opened.
 *
 * @param dataset the dataset's name
 */
record LiveWalk(String dataset) implements WalkListener {

    @Override
    public void missing(Path file) {
        // It will be made.
    }

    @Override
    public void database(Path file) {
        // Moved, not opened.
    }
}
