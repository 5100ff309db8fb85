package dev.cairn.backup.core.archive;

import dev.cairn.backup.ProgressListener;
import dev.cairn.backup.core.capture.ProgressMeter;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Meters whose listener cannot make an export or import fail. */
final class ArchiveProgress {

    private static final Logger LOG = LoggerFactory.getLogger(ArchiveProgress.class);

    private ArchiveProgress() {}

    static ProgressMeter meter(String operation, long totalBytes, ProgressListener listener) {
        return new ProgressMeter(operation, OptionalLong.of(totalBytes), progress -> {
            try {
                listener.onProgress(progress);
            } catch (RuntimeException e) {
                LOG.warn("A listener for the progress of an {} failed", operation, e);
            }
        });
    }
}
