package dev.cairn.backup.fs.capture;

import dev.cairn.backup.SourceException;
import dev.cairn.backup.fs.Consistency;
import dev.cairn.backup.fs.tree.TreeRoot;
import dev.cairn.backup.spi.CaptureContext;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What one capture needs to know.
 *
 * @param dataset the dataset's name
 * @param consistency the declared mode
 * @param root the root as it was found
 * @param inBarrierLimit the most bytes that may be read inside the barrier
 * @param hot the paths that were once replaced too soon, shared by all captures of the dataset
 * @param context what the engine lends
 */
public record CaptureSpec(
        String dataset,
        Consistency consistency,
        TreeRoot root,
        long inBarrierLimit,
        HotPaths hot,
        CaptureContext context) {

    SourceException unreadable(Path file, IOException e) {
        return new SourceException(
                dataset, file + " cannot be read: " + e, "Give this process the right to read it, or exclude it", e);
    }
}
