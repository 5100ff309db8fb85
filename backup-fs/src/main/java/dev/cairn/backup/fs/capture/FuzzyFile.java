package dev.cairn.backup.fs.capture;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.CutMissedException;
import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.StateReader;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.spi.EntryContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file read as it comes. Its content ends at the length that it had when it was opened, so that a log that grows as fast as it is read comes to an end,
 * or where the file ends if it shrinks meanwhile.
 */
final class FuzzyFile implements EntryContent {

    private final CaptureSpec spec;
    private final StateReader states;
    private final TreeNode node;
    private final ChangedPaths changed;

    FuzzyFile(CaptureSpec spec, StateReader states, TreeNode node, ChangedPaths changed) {
        this.spec = spec;
        this.states = states;
        this.node = node;
        this.changed = changed;
    }

    @Override
    public InputStream open() {
        Path file = node.file();
        try {
            InputStream in = Files.newInputStream(file, NOFOLLOW_LINKS);
            return new Stream(in, file, length(in, file));
        } catch (AccessDeniedException e) {
            throw spec.unreadable(file, e);
        } catch (IOException e) {
            FileState now = look(file);
            if (now != null && now.isFile()) {
                throw spec.unreadable(file, e);
            }
            // Its entry has been handed out, so the snapshot cannot do without it: the next try opens it when it is
            // found.
            spec.hot().add(node.path());
            throw new CutMissedException(spec.dataset(), file.toString());
        }
    }

    /**
     * What the open file tells is cheaper than a look and as good where it is what was seen: whether the rest is, too, a ctime at the end tells for all
     * the time between.
     */
    private long length(InputStream in, Path file) {
        long seen = node.state().size();
        try {
            if (node.state().changed() != null && in.available() == seen) {
                return seen;
            }
        } catch (IOException e) {
            // The look tells.
        }
        FileState opened = look(file);
        compare(opened);
        return opened == null ? seen : opened.size();
    }

    private @Nullable FileState look(Path file) {
        try {
            return states.read(file);
        } catch (IOException e) {
            return null;
        }
    }

    private void compare(@Nullable FileState now) {
        if (now == null || !now.isUnchanged(node.state())) {
            changed.add(node.path());
        }
    }

    private final class Stream extends BoundedStream {

        private final Path file;
        private boolean compared;

        Stream(InputStream in, Path file, long length) {
            super(spec, file, in, length);
            this.file = file;
        }

        @Override
        void ended(long missing) {
            compared = true;
            compare(look(file));
        }

        /** What was read in part may have changed as well. */
        @Override
        public void close() throws IOException {
            if (!compared) {
                ended(0);
            }
            super.close();
        }
    }
}
