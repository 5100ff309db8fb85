package dev.cairn.backup.fs.capture;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.tree.FileState;
import dev.cairn.backup.fs.tree.StateReader;
import dev.cairn.backup.fs.tree.TreeNode;
import dev.cairn.backup.spi.EntryContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A file that is read long after the freeze, if it is still what it was then. It is opened first and looked at after: if its name stands for the
 * frozen state then, so does what was opened, because whatever had the name in between would have left another ctime.
 */
final class CheckedFile implements EntryContent {

    private final CaptureSpec spec;
    private final StateReader states;
    private final TreeNode node;
    private final Function<TreeNode, RuntimeException> missed;

    CheckedFile(CaptureSpec spec, StateReader states, TreeNode node, Function<TreeNode, RuntimeException> missed) {
        this.spec = spec;
        this.states = states;
        this.node = node;
        this.missed = missed;
    }

    @Override
    public InputStream open() {
        Path file = node.file();
        FileState frozen = node.state();
        InputStream in;
        try {
            in = Files.newInputStream(file, NOFOLLOW_LINKS);
        } catch (AccessDeniedException e) {
            throw spec.unreadable(file, e);
        } catch (IOException e) {
            // Gone, or a link or a folder by now.
            throw isStill(file, frozen) ? spec.unreadable(file, e) : missed.apply(node);
        }
        if (!isStill(file, frozen)) {
            close(in);
            throw missed.apply(node);
        }
        return new Stream(in, file, frozen);
    }

    private boolean isStill(Path file, FileState frozen) {
        try {
            return states.read(file).isUnchanged(frozen);
        } catch (IOException e) {
            return false;
        }
    }

    private static void close(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            // It was only read.
        }
    }

    private final class Stream extends BoundedStream {

        private final Path file;
        private final FileState frozen;

        Stream(InputStream in, Path file, FileState frozen) {
            super(spec, file, in, frozen.size());
            this.file = file;
            this.frozen = frozen;
        }

        /** The open file cannot change by a rename; if it is still there and has another time or size, it was written in place. */
        @Override
        void ended(long missing) {
            if (missing > 0 || wasOverwritten()) {
                throw new SourceException(
                        spec.dataset(),
                        file + " was written in place while it was read, against its consistency " + spec.consistency(),
                        "Declare it IN_BARRIER or FS_SNAPSHOT, or let the host replace it by a rename",
                        null);
            }
        }

        private boolean wasOverwritten() {
            try {
                if (StateReader.isSizeAndTime(file, frozen)) {
                    return false;
                }
                FileState now = states.read(file);
                return now.isSameFile(frozen)
                        && (now.size() < frozen.size()
                                || (spec.consistency() != Consistency.APPEND_ONLY
                                        && (now.size() != frozen.size()
                                                || !now.modified().equals(frozen.modified()))
                                        && frozen.key() != null));
            } catch (IOException e) {
                return false;
            }
        }
    }
}
