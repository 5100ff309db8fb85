package dev.cairn.backup.fs.capture;

import dev.cairn.backup.CutMissedException;
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
 * @param configured the root as the host gave it, which may be a link
 * @param root the root as it was found
 * @param inBarrierLimit the most bytes that may be read inside the barrier
 * @param hot the paths that were once replaced too soon, shared by all captures of the dataset
 * @param context what the engine lends
 */
public record CaptureSpec(
        String dataset,
        Consistency consistency,
        Path configured,
        TreeRoot root,
        long inBarrierLimit,
        HotPaths hot,
        CaptureContext context) {

    /**
     * To be asked at the freeze: a link given as the root may lead elsewhere by now, as when a host switches to a new folder by replacing it.
     *
     * @throws CutMissedException if it does; the next try begins with where it leads then
     */
    void refuseMovedRoot() {
        try {
            if (!configured.toRealPath().equals(root.place())) {
                throw new CutMissedException(dataset, configured.toString());
            }
        } catch (IOException e) {
            throw unreadable(configured, e);
        }
    }

    SourceException unreadable(Path file, IOException e) {
        return new SourceException(
                dataset, file + " cannot be read: " + e, "Give this process the right to read it, or exclude it", e);
    }
}
