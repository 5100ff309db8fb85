package dev.cairn.backup.core.restore;

import dev.cairn.backup.spi.Dataset;
import java.util.Collection;

/** Continuous protection as a restore sees it: it lets go of what is replaced and goes on with what is there afterwards. Both calls are idempotent and concern only datasets that have it. */
public interface PausedSources {

    /** No dataset is protected continuously. */
    PausedSources NONE = new PausedSources() {
        @Override
        public void pause(Collection<Dataset> datasets) {
            // There is nothing to let go.
        }

        @Override
        public void resume(Collection<Dataset> datasets, String why) {
            // Nothing was let go.
        }
    };

    /** Ships what is committed and lets go of the datasets. */
    void pause(Collection<Dataset> datasets);

    /** Takes those up again that were let go, each on a new timeline. */
    void resume(Collection<Dataset> datasets, String why);
}
